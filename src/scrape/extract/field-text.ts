import type { FieldSelector } from '../config/field.ts';
import type { JsonValue } from '../lib/page.ts';
import { hasCaptureGroup, matchPattern } from '../parsers/match-pattern.ts';
import { parseValue } from '../parsers/parse-value.ts';
import { cleanFieldText, convertText } from './clean-text.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { createUrlResolver } from './read-link.ts';

/**
 * Returns what cleans the text of a field, makes it absolute if it is an address, and parses it.
 * @param isAddress whether it is one unless the field says otherwise
 */
export function createTextReader(
  context: ExtractionContext,
  name: string,
  field: FieldSelector,
  isAddress = false,
): (raw: string) => JsonValue {
  const { cleaning, page } = context;
  const parse = createTextParser(context, name, field);
  if (!(field.absolute ?? isAddress)) return (raw) => parse(cleanFieldText(raw, cleaning));
  const toAbsolute = createUrlResolver(page);
  return (raw) => parse(cleanFieldText(toAbsolute(raw), cleaning));
}

/**
 * Returns what applies the field's `regex` and `type` to a text; without a type, the conversions of `data_cleaning`. A
 * value that cannot be parsed is null, and is counted in `context.unread`.
 */
export function createTextParser(
  context: ExtractionContext,
  name: string,
  field: FieldSelector,
): (text: string | null) => JsonValue {
  const { regex, type } = field;
  const convert = createConversion(context, name, field);
  const read = (text: string) => (isBlank(text) ? null : convert(text));
  if (regex === undefined) return (text) => (text === null ? null : read(text));
  return (text) => {
    if (text === null) return null;
    const matched = matchPattern(regex, text);
    if (type === 'boolean' && !hasCaptureGroup(regex)) return 'value' in matched;
    if ('value' in matched) return read(matched.value);
    context.unread.add(name, matched.reason, text);
    return null;
  };
}

/** Returns what applies `type` to a text that is not blank, or the conversions of `data_cleaning`. */
function createConversion(
  context: ExtractionContext,
  name: string,
  { html, type, locale, relative }: FieldSelector,
): (text: string) => JsonValue {
  const { cleaning, page, unread, parsed } = context;
  if (type === undefined) {
    const stays = html || !(cleaning.convert_numbers || cleaning.convert_dates);
    return stays ? (text) => text : (text) => convertText(text, cleaning);
  }
  const now = relative === true ? page.fetchedAt : undefined;
  const facts = context.getLocale(locale);
  const kind = `${type} ${facts === undefined ? '' : JSON.stringify(facts)} ${now ?? ''} `;
  return (text) => {
    let result = parsed?.get(kind + text);
    if (result === undefined) {
      result = parseValue(type, text.trim(), facts, now);
      parsed?.set(kind + text, result);
    }
    if ('value' in result) return result.value;
    unread.add(name, result.reason, text);
    return null;
  };
}

const SPACE = 0x20;
const DELETE = 0x7f;

function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > SPACE && first < DELETE) && text.trim() === '';
}

/** Whether a field has no value. */
export function isEmpty(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
