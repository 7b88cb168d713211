import type { FieldSelector } from '../config/field.ts';
import type { JsonValue } from '../lib/page.ts';
import { hasCaptureGroup, matchPattern } from '../parsers/match-pattern.ts';
import { parseValue } from '../parsers/parse-value.ts';
import { cleanFieldText, convertText } from './clean-text.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { isUrlAttribute, toAbsoluteUrl } from './read-link.ts';

/** Cleans a text of a field, and makes it absolute if it is an address. @param attribute that holds it */
export function cleanValue(
  { page, cleaning }: ExtractionContext,
  field: FieldSelector,
  raw: string,
  attribute: string | false | undefined,
): string | null {
  const makeWhole = field.absolute ?? (typeof attribute === 'string' && isUrlAttribute(attribute));
  return cleanFieldText(makeWhole ? toAbsoluteUrl(page, raw) : raw, cleaning);
}

/** Applies the field's `regex` and `type` to a text; without a type, the conversions of `data_cleaning`. */
export function parseFieldText(
  context: ExtractionContext,
  name: string,
  { html, regex, type, locale, relative }: FieldSelector,
  text: string | null,
): JsonValue {
  if (text === null) return null;
  const refuse = (reason: string, sample: string) => {
    context.unread.add(name, reason, sample);
    return null;
  };
  let taken = text;
  if (regex !== undefined) {
    const matched = matchPattern(regex, text);
    if (type === 'boolean' && !hasCaptureGroup(regex)) return 'value' in matched;
    if ('reason' in matched) return refuse(matched.reason, text);
    taken = matched.value;
  }
  if (taken.trim() === '') return null;
  if (type === undefined) return html ? taken : convertText(taken, context.cleaning);
  const now = relative === true ? context.page.fetchedAt : undefined;
  const read = parseValue(type, taken.trim(), context.getLocale(locale), now);
  return 'value' in read ? read.value : refuse(read.reason, taken);
}

/** Whether a field has no value. */
export function isEmpty(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
