import { parseCertainNumber } from '../lib/certain-number.ts';

/**
 * Returns a value as a number: a number, a text that can only be one (`£51.77`, `12 %`), or the amount of a price.
 * Other values are no numbers.
 */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string') return parseCertainNumber(value.trim());
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'amount')) return undefined;
  const { amount } = value as { amount: unknown };
  return typeof amount === 'number' && Number.isFinite(amount) ? amount : undefined;
}

/** Returns a value as text: objects and lists as JSON, a missing value as an empty text. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether a field has a value: missing, `null`, a blank text, and an empty list or object do not count. */
export function isFilled(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return value.trim() !== '';
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** Returns the value of a field; names are exact, and inherited properties do not count. */
export function fieldOf(item: Readonly<Record<string, unknown>>, field: string): unknown {
  return Object.hasOwn(item, field) ? item[field] : undefined;
}

/** A value to sort by; `undefined` for an empty one. */
export type SortValue = number | string | undefined;

/** Texts are sorted by their first characters. */
const SORTED_CHARACTERS = 200;

/** Returns the value by which an item is sorted. Capitals do not matter. */
export function toSortValue(value: unknown): SortValue {
  if (!isFilled(value)) return undefined;
  const number = toNumber(value);
  if (number !== undefined) return number;
  const text = toText(value);
  // A part of a long text would keep all of it in memory, so it is copied.
  const first =
    text.length > SORTED_CHARACTERS ? Buffer.from(text.slice(0, SORTED_CHARACTERS)).toString() : text;
  return first.toLowerCase();
}

/** Compares sort values: numbers before texts; negative when `a` comes first. Empty ones are last in either direction. */
export function compareSortValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = typeof a === typeof b ? Number(a > b) - Number(a < b) : typeof a === 'number' ? -1 : 1;
  return descending ? -order : order;
}
