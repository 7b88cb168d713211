import type { FieldSelector } from '../config/field.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { hasCaptureGroup, matchPattern } from '../parsers/match-pattern.ts';
import { BOOLEAN_ATTRIBUTES } from '../parsers/parse-boolean.ts';
import { parseValue } from '../parsers/parse-value.ts';
import { isAbsoluteXPath, parseXPathSelector } from '../selectors/xpath-selector.ts';
import { isUrlAttribute, toAbsoluteUrl } from './absolute-url.ts';
import { cleanFieldHtml, cleanFieldText, convertText } from './clean-text.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { getText } from './get-text.ts';
import type { JsonValue } from './item.ts';

import { getElement, isTextMatch, type Match } from './match.ts';
import { preferOutsideNoscript } from './noscript.ts';
import { innerHtml, isWithin } from './select.ts';

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
