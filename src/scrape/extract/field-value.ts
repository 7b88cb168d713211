import { load } from 'cheerio';
import type { DataCleaning } from '../config/config-schema.ts';
import type { FieldSelector } from '../config/field.ts';
import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { hasCaptureGroup, matchPattern } from '../parsers/match-pattern.ts';
import { parseCertainDate } from '../parsers/parse-date.ts';
import { parseCertainNumber } from '../parsers/parse-number.ts';
import { BOOLEAN_ATTRIBUTES, parseValue } from '../parsers/parse-value.ts';
import { isAbsoluteXPath, parseXPathSelector } from '../selectors/selector-syntax.ts';
import { getText } from './element-text.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { preferOutsideNoscript } from './parse-html.ts';
import { isUrlAttribute, toAbsoluteUrl } from './read-link.ts';
import { getElement, innerHtml, isTextMatch, isWithin, type Match } from './select.ts';

/**
 * What `data_cleaning` makes of a text, step by step: `strip_html` (markup within the text), `normalize_whitespace`
 * (runs of white space, no-break spaces included, become one space), `trim`. What is empty in the end is null.
 */
export function cleanFieldText(raw: string, cleaning: DataCleaning): string | null {
  let text = raw;
  if (cleaning.strip_html) text = stripHtml(text);
  if (cleaning.normalize_whitespace) text = text.replaceAll(/\s+/g, ' ');
  if (cleaning.trim) text = text.trim();
  return text || null;
}

/** The last steps, for values that have no type: `convert_numbers`, `convert_dates`. */
export function convertText(text: string, cleaning: DataCleaning): string | number {
  // Conversions look at the bare value, whatever space is kept around it.
  const bare = text.trim();
  return (
    (cleaning.convert_numbers ? parseCertainNumber(bare) : undefined) ??
    (cleaning.convert_dates ? parseCertainDate(bare) : undefined) ??
    text
  );
}

/** Inner HTML is the page's own markup: only `trim` applies. */
function cleanFieldHtml(html: string, cleaning: DataCleaning): string | null {
  return (cleaning.trim ? html.trim() : html) || null;
}

function stripHtml(text: string): string {
  if (!/[<&]/.test(text)) return text;
  const wrapper: PageElement | undefined = load(`<div>${text}</div>`)('body').get(0);
  return wrapper === undefined ? text : getText(wrapper);
}

/**
 * The value of a field whose selector found `found` in one row: null without a match, `[]` with `multiple`. A value
 * that cannot be read as the field says is null too, and is counted in the reading.
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
  // HTML writes no value into these: being there says yes.
  if (field.type === 'boolean' && BOOLEAN_ATTRIBUTES.has(field.attribute.toLowerCase()))
    return raw !== undefined;
  return raw === undefined
    ? null
    : parseText(context, name, field, cleanValue(context, field, raw, field.attribute));
}

/** Of `<noscript>` itself its markup, as it is text to browsers. */
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

/** An XPath from the page's root finds what of it lies within. */
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

/** What the field's `regex` and `type` make of a text; without a type, what `data_cleaning` converts. */
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

/** The parser writes HTML's attributes in lower case; people copy them as they stand in the source. */
function getAttribute(element: PageElement, name: string): string | undefined {
  const found = [name, name.toLowerCase()].find((key) => Object.hasOwn(element.attribs, key));
  return found === undefined ? undefined : element.attribs[found];
}

/** Nothing was found for it. */
export function isEmpty(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
