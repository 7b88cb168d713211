import { isEmpty } from '../extract/field-text.ts';
import type { Item, JsonValue } from '../lib/page.ts';

/** Counts the rows in which a path of keys leads to a value; none for an empty path. */
export function countFilled(rows: readonly Item[], path: readonly string[]): number {
  const [name] = path;
  if (name === undefined) return 0;
  // Most fields are in the row itself, and a run asks for each of a million values.
  const isInRow = path.length === 1 && !(name in Object.prototype);
  let filled = 0;
  for (const row of rows) {
    if (isInRow ? !isEmpty(row[name] ?? null) : hasValue(row, path)) filled += 1;
  }
  return filled;
}

/**
 * Whether a path of keys leads to a value. A list on the path (`multiple` with `children`) must have entries, and each
 * of them must have the value.
 */
export function hasValue(value: JsonValue, path: readonly string[]): boolean {
  if (Array.isArray(value) && path.length > 0)
    return value.length > 0 && value.every((entry) => hasValue(entry, path));
  const [key] = path;
  if (key === undefined) return !isEmpty(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const inner = Object.hasOwn(value, key) ? (value[key] ?? null) : null;
  return path.length === 1 ? !isEmpty(inner) : hasValue(inner, path.slice(1));
}
