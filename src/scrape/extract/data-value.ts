import type { FieldSelector } from '../config/field.ts';
import type { JsonValue } from '../lib/page.ts';
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
  const { type, regex } = field;
  if (type === undefined && regex === undefined) return value;
  const read = typeof value === 'object' ? undefined : convertScalar(field, value);
  if (read !== undefined) return read;
  // A pattern reads the digits of a number; what is no text has no other type.
  if (typeof value !== 'object' && regex !== undefined)
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
  if (type === 'price') return { amount: value, currency: null };
  return type === 'date' ? fromUnixTime(value) : undefined;
}

/** 2001 to 2286 in seconds; the same in milliseconds has three digits more. */
const UNIX_SECONDS = [1e9, 1e10] as const;

/** Reads a number as Unix time, in seconds or milliseconds. */
function fromUnixTime(value: number): string | undefined {
  const [min, max] = UNIX_SECONDS;
  const ms = value >= min && value < max ? value * 1000 : value;
  if (ms < min * 1000 || ms >= max * 1000) return undefined;
  return new Date(ms).toISOString().replace(/\.000Z$/, 'Z');
}
