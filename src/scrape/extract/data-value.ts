import type { FieldSelector } from '../config/field.ts';
import type { JsonValue } from '../lib/page.ts';
import { isNestedTooDeep } from './data-match.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { cleanValue, parseFieldText } from './field-text.ts';

/**
 * Returns the value of a field that data hold. A text is cleaned and parsed as the text of an element is. Numbers,
 * booleans, lists and objects stay as they are, unless the field has a type or a pattern.
 */
export function readDataValue(
  context: ExtractionContext,
  name: string,
  field: FieldSelector,
  value: JsonValue,
): JsonValue {
  if (value === null) return null;
  if (typeof value === 'string')
    return parseFieldText(context, name, field, cleanValue(context, field, value, undefined));
  if (typeof value === 'object' && isNestedTooDeep(value)) {
    context.unread.add(name, 'is nested too deep for a row', Array.isArray(value) ? '[…]' : '{…}');
    return null;
  }
  const { type, regex } = field;
  if (type === undefined && regex === undefined) return value;
  const read = typeof value === 'object' ? undefined : convertScalar(field, value);
  if (read !== undefined) return read;
  // A pattern reads the digits of a number, and a date its seconds since 1970.
  if (typeof value !== 'object' && (regex !== undefined || type === 'date'))
    return parseFieldText(context, name, field, String(value));
  context.unread.add(name, `is not a ${type ?? 'text'}`, JSON.stringify(value));
  return null;
}

/** The written figures of a number need no locale. @returns undefined if it is not of the field's type */
function convertScalar({ type, regex }: FieldSelector, value: number | boolean): JsonValue | undefined {
  if (regex !== undefined) return undefined;
  if (type === 'boolean')
    return typeof value === 'boolean' ? value : [0, 1].includes(value) ? value === 1 : undefined;
  if (typeof value === 'boolean') return undefined;
  if (type === 'number') return value;
  if (type === 'integer') return Number.isInteger(value) ? value : undefined;
  return type === 'price' ? { amount: value, currency: null } : undefined;
}
