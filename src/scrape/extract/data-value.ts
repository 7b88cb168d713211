import type { FieldSelector } from '../config/field.ts';
import type { JsonValue } from '../lib/page.ts';
import { findInData, isNestedTooDeep } from './data-match.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { createTextParser, createTextReader, isEmpty } from './field-text.ts';

/** Returns the value of a field; null if it has none. */
type DataReader = (value: JsonValue) => JsonValue;

/** How often a selector matched. */
interface MatchCount {
  matches: number;
}

/**
 * Returns what reads a field in a row of data, or in a value of it: its `json:` selector begins there, and one of another
 * kind finds nothing. Without a match the field is null, or `[]` with `multiple`.
 * @param count to which the matches are added
 */
export function createFieldOfData(
  context: ExtractionContext,
  name: string,
  field: FieldSelector,
  count: MatchCount,
): DataReader {
  const { find, findOne } = findInData(context.page, field.selector);
  const read = createDataReader(context, name, field);
  if (field.multiple)
    return (within) => {
      const found = find(within);
      count.matches += found.length;
      return readAll(found, read);
    };
  if (findOne === undefined)
    return (within) => {
      const found = find(within);
      count.matches += found.length;
      const [first] = found;
      return first === undefined ? null : read(first);
    };
  return (within) => {
    const value = findOne(within);
    if (value === undefined) return null;
    count.matches += 1;
    return read(value);
  };
}

/** A list within the data is several values, as `[*]` after its path would say. */
function readAll(found: readonly JsonValue[], read: DataReader): JsonValue[] {
  const values: JsonValue[] = [];
  for (const one of found) {
    for (const entry of Array.isArray(one) ? one : [one]) {
      const value = read(entry);
      if (value !== null) values.push(value);
    }
  }
  return values;
}

/**
 * Returns what reads a value of data as a field. A text is cleaned and parsed as the text of an element is. Numbers,
 * booleans, lists and objects stay as they are, unless the field has a type or a pattern.
 */
export function createDataReader(context: ExtractionContext, name: string, field: FieldSelector): DataReader {
  const { type, regex, children } = field;
  if (children !== undefined) return createChildrenReader(context, name, children);
  const readText = createTextReader(context, name, field);
  const readOther =
    type === undefined && regex === undefined
      ? (value: JsonValue) => value
      : createConverter(context, name, field);
  return (value) => {
    if (typeof value === 'string') return readText(value);
    if (value === null) return null;
    if (typeof value === 'object' && isNestedTooDeep(value)) {
      context.unread.add(name, 'is nested too deep for a row', Array.isArray(value) ? '[…]' : '{…}');
      return null;
    }
    return readOther(value);
  };
}

/** Returns what converts a number, a boolean, a list or an object to the field's type. */
function createConverter(context: ExtractionContext, name: string, field: FieldSelector): DataReader {
  const { type, regex } = field;
  const parse = createTextParser(context, name, field);
  return (value) => {
    const read =
      typeof value === 'number' || typeof value === 'boolean' ? convertScalar(field, value) : undefined;
    if (read !== undefined) return read;
    // A pattern reads the digits of a number, and a date its seconds since 1970.
    if (typeof value !== 'object' && (regex !== undefined || type === 'date')) return parse(String(value));
    context.unread.add(name, `is not a ${type ?? 'text'}`, JSON.stringify(value));
    return null;
  };
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

function createChildrenReader(
  context: ExtractionContext,
  name: string,
  children: Readonly<Record<string, FieldSelector>>,
): DataReader {
  const readers = Object.entries(children).map(([key, child]) => {
    const childName = `${name}.${key}`;
    const count = { matches: 0 };
    return { key, childName, count, read: createFieldOfData(context, childName, child, count) };
  });
  return (within) => {
    const entries = readers.map(({ key, childName, count, read }) => {
      count.matches = 0;
      const value = read(within);
      context.count(childName, count.matches);
      return [key, value] as const;
    });
    return entries.every(([, value]) => isEmpty(value)) ? null : Object.fromEntries(entries);
  };
}
