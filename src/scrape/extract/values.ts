import type { FieldSelector } from '../config/field.ts';
import type { DataCleaning } from '../config/schema.ts';
import { cleanHtml, cleanText } from './clean.ts';
import type { JsonValue } from './item.ts';
import type { Page, PageElement } from './page.ts';
import { innerHtml, select } from './select.ts';
import { textOf } from './text.ts';

/** The value of a field whose selector matched `elements` in one row: null without a match, `[]` with `multiple`. */
export function fieldValue(
  page: Page,
  field: FieldSelector,
  elements: readonly PageElement[],
  cleaning: DataCleaning,
): JsonValue {
  if (field.multiple) {
    return elements
      .map((element) => elementValue(page, field, element, cleaning))
      .filter((value) => value !== null);
  }
  const [first] = elements;
  return first === undefined ? null : elementValue(page, field, first, cleaning);
}

function elementValue(
  page: Page,
  field: FieldSelector,
  element: PageElement,
  cleaning: DataCleaning,
): JsonValue {
  if (field.children !== undefined) {
    const entries = Object.entries(field.children).map(([name, child]) => {
      return [name, fieldValue(page, child, select(page, child.selector, element), cleaning)] as const;
    });
    return entries.every(([, value]) => isEmpty(value)) ? null : Object.fromEntries(entries);
  }
  if (field.attribute !== undefined) {
    const value = attributeOf(element, field.attribute);
    return value === undefined ? null : cleanText(value, cleaning);
  }
  return field.html ? cleanHtml(innerHtml(page, element), cleaning) : cleanText(textOf(element), cleaning);
}

/** The parser writes HTML's attributes in lower case; people copy them as they stand in the source. */
function attributeOf(element: PageElement, name: string): string | undefined {
  const found = [name, name.toLowerCase()].find((key) => Object.hasOwn(element.attribs, key));
  return found === undefined ? undefined : element.attribs[found];
}

/** Nothing was found for it. */
export function isEmpty(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
