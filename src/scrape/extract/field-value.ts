import type { FieldSelector } from '../config/field.ts';
import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { BOOLEAN_ATTRIBUTES } from '../parsers/parse-value.ts';
import { isAbsoluteXPath, parseXPathSelector } from '../selectors/selector-syntax.ts';
import { describeLackingAttribute } from './absent-values.ts';
import { cleanFieldHtml } from './clean-text.ts';
import { DataMatch, inData, isDataMatch } from './data-match.ts';
import { readDataValue } from './data-value.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { cleanValue, isEmpty, parseFieldText } from './field-text.ts';
import { preferOutsideNoscript } from './parse-html.ts';
import { getElement, getText, innerHtml, isTextMatch, isWithin, type Match, select } from './select.ts';

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
    return found
      .flatMap(toEntries)
      .map((one) => toValue(context, name, field, one))
      .filter((value) => value !== null);
  const [first] = found;
  return first === undefined ? null : toValue(context, name, field, first);
}

/** A list within the data is several values, as `[*]` after its path would say. */
function toEntries(match: Match): Match[] {
  if (!isDataMatch(match) || !Array.isArray(match.value)) return [match];
  return match.value.map((value) => new DataMatch(value));
}

function toValue(context: ExtractionContext, name: string, field: FieldSelector, found: Match): JsonValue {
  if (isDataMatch(found))
    return field.children === undefined
      ? readDataValue(context, name, field, found.value)
      : extractDataChildren(context, name, field.children, found.value);
  if (field.children !== undefined)
    return isTextMatch(found) ? null : extractChildren(context, name, field.children, found);
  if (field.html) {
    const html = isTextMatch(found) ? found.text : innerHtml(context.page, found);
    return parseFieldText(context, name, field, cleanFieldHtml(html, context.cleaning));
  }
  if (field.attribute === undefined) {
    const raw = isTextMatch(found) ? found.text : getElementText(context.page, found);
    return parseFieldText(
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
  const { attribute } = field;
  if (!isTextMatch(found))
    context.absent.add(name, raw !== undefined, () =>
      describeLackingAttribute(found, attribute, findWithAttribute(context.page, found, attribute)),
    );
  return raw === undefined
    ? null
    : parseFieldText(context, name, field, cleanValue(context, field, raw, field.attribute));
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

function extractDataChildren(
  context: ExtractionContext,
  name: string,
  children: Readonly<Record<string, FieldSelector>>,
  within: JsonValue,
): JsonValue {
  const entries = Object.entries(children).map(([key, child]) => {
    const childName = `${name}.${key}`;
    const found = inData(context.page, child.selector)(within);
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

function findWithAttribute(page: Page, element: PageElement, attribute: string): PageElement | undefined {
  return /^[a-z][a-z-]*$/i.test(attribute) ? select(page, `[${attribute}]`, element)[0] : undefined;
}

/** The parser lowercases HTML's attribute names; users copy them from the source. */
function getAttribute(element: PageElement, name: string): string | undefined {
  const found = [name, name.toLowerCase()].find((key) => Object.hasOwn(element.attribs, key));
  return found === undefined ? undefined : element.attribs[found];
}
