import type { FieldSelector } from '../config/field.ts';
import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { BOOLEAN_ATTRIBUTES } from '../parsers/parse-value.ts';
import { isAbsoluteXPath, parseXPathSelector } from '../selectors/selector-syntax.ts';
import { describeLackingAttribute } from './absent-values.ts';
import { cleanFieldHtml } from './clean-text.ts';
import { DataMatch, isDataMatch } from './data-match.ts';
import { createDataReader } from './data-value.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { createTextParser, createTextReader, isEmpty } from './field-text.ts';
import { preferOutsideNoscript } from './parse-html.ts';
import { isUrlAttribute } from './read-link.ts';
import { getElement, getText, innerHtml, isTextMatch, isWithin, type Match, select } from './select.ts';

/** Returns a field's value by the matches of its selector in one row. */
export type FieldReader = (found: readonly Match[]) => JsonValue;

/**
 * Returns what reads a field. Without a match the value is null, or `[]` with `multiple`. A value that cannot be parsed is
 * null, too, and is counted in `context.unread`.
 * @param name of the field, as it is counted: `reviews.stars` for a child
 */
export function createFieldReader(
  context: ExtractionContext,
  name: string,
  field: FieldSelector,
): FieldReader {
  const readData = createDataReader(context, name, field);
  const readOther = createMatchReader(context, name, field);
  const read = (match: Match) => (isDataMatch(match) ? readData(match.value) : readOther(match));
  if (field.multiple)
    return (found) =>
      found
        .flatMap(toEntries)
        .map(read)
        .filter((value) => value !== null);
  return ([first]) => (first === undefined ? null : read(first));
}

/** A list within the data is several values, as `[*]` after its path would say. */
function toEntries(match: Match): Match[] {
  if (!isDataMatch(match) || !Array.isArray(match.value)) return [match];
  return match.value.map((value) => new DataMatch(value));
}

/** Returns what reads a match that is no data. */
function createMatchReader(
  context: ExtractionContext,
  name: string,
  field: FieldSelector,
): (found: Match) => JsonValue {
  const { page, cleaning } = context;
  const { children, html, attribute } = field;
  if (children !== undefined) return createChildrenReader(context, name, children);
  if (html) {
    const parse = createTextParser(context, name, field);
    return (found) =>
      parse(cleanFieldHtml(isTextMatch(found) ? found.text : innerHtml(page, found), cleaning));
  }
  if (attribute !== undefined) return createAttributeReader(context, name, field, attribute);
  const readText = createTextReader(context, name, field);
  const readAddress = createTextReader(context, name, field, true);
  return (found) => {
    if (!isTextMatch(found)) return readText(getElementText(page, found));
    const isAddress = found.attribute !== undefined && isUrlAttribute(found.attribute);
    return (isAddress ? readAddress : readText)(found.text);
  };
}

function createAttributeReader(
  context: ExtractionContext,
  name: string,
  field: FieldSelector,
  attribute: string,
): (found: Match) => JsonValue {
  const { page, absent } = context;
  // Boolean attributes have no value in HTML: their presence means yes.
  const meansYes = field.type === 'boolean' && BOOLEAN_ATTRIBUTES.has(attribute.toLowerCase());
  const read = createTextReader(context, name, field, isUrlAttribute(attribute));
  return (found) => {
    const raw = isTextMatch(found) ? undefined : getAttribute(found, attribute);
    if (meansYes) return raw !== undefined;
    if (!isTextMatch(found))
      absent.add(name, raw !== undefined, () =>
        describeLackingAttribute(found, attribute, findWithAttribute(page, found, attribute)),
      );
    return raw === undefined ? null : read(raw);
  };
}

/** `<noscript>` yields its markup, because it is text to browsers. */
function getElementText(page: Page, element: PageElement): string {
  return element.name === 'noscript' && !page.isXml ? innerHtml(page, element) : getText(element);
}

function createChildrenReader(
  context: ExtractionContext,
  name: string,
  children: Readonly<Record<string, FieldSelector>>,
): (found: Match) => JsonValue {
  const readers = Object.entries(children).map(([key, child]) => {
    const childName = `${name}.${key}`;
    return { key, childName, selector: child.selector, read: createFieldReader(context, childName, child) };
  });
  return (within) => {
    if (isTextMatch(within)) return null;
    const entries = readers.map(({ key, childName, selector, read }) => {
      const found = preferOutsideNoscript(context.page, findWithin(context, childName, selector, within));
      context.count(childName, found.length);
      return [key, read(found)] as const;
    });
    return entries.every(([, value]) => isEmpty(value)) ? null : Object.fromEntries(entries);
  };
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

function findWithAttribute(page: Page, element: PageElement, attribute: string): PageElement | undefined {
  return /^[a-z][a-z-]*$/i.test(attribute) ? select(page, `[${attribute}]`, element)[0] : undefined;
}

/** The parser lowercases HTML's attribute names; users copy them from the source. */
function getAttribute(element: PageElement, name: string): string | undefined {
  const found = [name, name.toLowerCase()].find((key) => Object.hasOwn(element.attribs, key));
  return found === undefined ? undefined : element.attribs[found];
}
