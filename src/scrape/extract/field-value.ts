import { load } from 'cheerio';
import { parseCertainNumber } from '../../core/lib/certain-number.ts';
import type { DataCleaning } from '../config/config-schema.ts';
import type { FieldSelector } from '../config/field.ts';
import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { hasCaptureGroup, matchPattern } from '../parsers/match-pattern.ts';
import { parseCertainDate } from '../parsers/parse-date.ts';
import { BOOLEAN_ATTRIBUTES, parseValue } from '../parsers/parse-value.ts';
import { isAbsoluteXPath, parseXPathSelector } from '../selectors/selector-syntax.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { preferOutsideNoscript } from './parse-html.ts';
import { isUrlAttribute, toAbsoluteUrl } from './read-link.ts';
import { getElement, getText, innerHtml, isTextMatch, isWithin, type Match } from './select.ts';

/**
 * Applies the steps of `data_cleaning` to a text, in this order: `strip_html` removes markup within the text,
 * `normalize_whitespace` turns runs of white space (including no-break spaces) into one space, and `trim`.
 * @returns null if the result is empty
 */
export function cleanFieldText(raw: string, cleaning: DataCleaning): string | null {
  let text = raw;
  if (cleaning.strip_html) text = stripHtml(text);
  if (cleaning.normalize_whitespace) text = text.replaceAll(/\s+/g, ' ');
  if (cleaning.trim) text = text.trim();
  return text || null;
}

/** Applies the last steps, for values without a type: `convert_numbers`, `convert_dates`. */
export function convertText(text: string, cleaning: DataCleaning): string | number {
  // Conversions use the trimmed value, even if the text keeps its white space.
  const bare = text.trim();
  return (
    (cleaning.convert_numbers ? parseCertainNumber(bare) : undefined) ??
    (cleaning.convert_dates ? parseCertainDate(bare) : undefined) ??
    text
  );
}

/** Inner HTML is markup of the page: only `trim` applies. */
function cleanFieldHtml(html: string, cleaning: DataCleaning): string | null {
  return (cleaning.trim ? html.trim() : html) || null;
}

function stripHtml(text: string): string {
  if (!/[<&]/.test(text)) return text;
  const wrapper: PageElement | undefined = load(`<div>${text}</div>`)('body').get(0);
  return wrapper === undefined ? text : getText(wrapper);
}

/**
 * Returns the value of a field whose selector matched `found` in one row. Without a match it is null, or `[]` with
 * `multiple`. A value that cannot be parsed is null, too, and is counted in `context.unread`.
 * @param name of the field, as it is counted: `reviews.stars` for a child
 */
export function extractFieldValue(
  context: ExtractionContext,
  name: string,
  field: FieldSelector,
  found: readonly Match[],
): JsonValue {
  if (field.multiple)
    return found.map((one) => toValue(context, name, field, one)).filter((value) => value !== null);
  const [first] = found;
  return first === undefined ? null : toValue(context, name, field, first);
}

function toValue(context: ExtractionContext, name: string, field: FieldSelector, found: Match): JsonValue {
  if (field.children !== undefined)
    return isTextMatch(found) ? null : extractChildren(context, name, field.children, found);
  if (field.html) {
    const html = isTextMatch(found) ? found.text : innerHtml(context.page, found);
    return parseText(context, name, field, cleanFieldHtml(html, context.cleaning));
  }
  if (field.attribute === undefined) {
    const raw = isTextMatch(found) ? found.text : getElementText(context.page, found);
    return parseText(
      context,
      name,
      field,
      cleanValue(context, field, raw, isTextMatch(found) && found.attribute),
    );
  }
  const raw = isTextMatch(found) ? undefined : getAttribute(found, field.attribute);
  // Boolean attributes have no value in HTML: their presence means yes.
  if (field.type === 'boolean' && BOOLEAN_ATTRIBUTES.has(field.attribute.toLowerCase()))
    return raw !== undefined;
  return raw === undefined
    ? null
    : parseText(context, name, field, cleanValue(context, field, raw, field.attribute));
}

/** `<noscript>` yields its markup, because it is text to browsers. */
function getElementText(page: Page, element: PageElement): string {
  return element.name === 'noscript' && !page.isXml ? innerHtml(page, element) : getText(element);
}

function extractChildren(
  context: ExtractionContext,
  name: string,
  children: Readonly<Record<string, FieldSelector>>,
  within: PageElement,
): JsonValue {
  const entries = Object.entries(children).map(([key, child]) => {
    const childName = `${name}.${key}`;
    const found = preferOutsideNoscript(context.page, findWithin(context, childName, child.selector, within));
    context.count(childName, found.length);
    return [key, extractFieldValue(context, childName, child, found)] as const;
  });
  return entries.every(([, value]) => isEmpty(value)) ? null : Object.fromEntries(entries);
}

/** An absolute XPath is evaluated on the page, and only matches inside the element are returned. */
function findWithin(
  context: ExtractionContext,
  name: string,
  selector: string,
  within: PageElement,
): Match[] {
  const expression = parseXPathSelector(selector);
  if (expression === undefined || !isAbsoluteXPath(expression)) return context.find(name, selector, within);
  return context.find(name, selector).filter((found) => isWithin(getElement(found), within));
}

function cleanValue(
  { page, cleaning }: ExtractionContext,
  field: FieldSelector,
  raw: string,
  attribute: string | false | undefined,
): string | null {
  const makeWhole = field.absolute ?? (typeof attribute === 'string' && isUrlAttribute(attribute));
  return cleanFieldText(makeWhole ? toAbsoluteUrl(page, raw) : raw, cleaning);
}

/** Applies the field's `regex` and `type` to a text; without a type, the conversions of `data_cleaning`. */
function parseText(
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

/** The parser lowercases HTML's attribute names; users copy them from the source. */
function getAttribute(element: PageElement, name: string): string | undefined {
  const found = [name, name.toLowerCase()].find((key) => Object.hasOwn(element.attribs, key));
  return found === undefined ? undefined : element.attribs[found];
}

/** Whether a field has no value. */
export function isEmpty(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
