import type { JsonValue } from '../extract/item.ts';
import { isPrice } from './is-price.ts';
import { readStagedItems } from './staging.ts';

/** What is known of the values of a column before it is written. */
export interface Column {
  name: string;
  /** The kinds of its values; none when it is empty in every row. */
  kinds: Set<ValueKind>;
  /** The longest value, in characters. */
  longest: number;
}

/** A field of the rows, as a column of whole values, and as two of the parts of prices. */
export interface FoundColumn extends Column {
  /** How many of its values are there, and how many of those are prices. */
  values: number;
  prices: number;
  amounts: Omit<Column, 'name'>;
  currencies: Omit<Column, 'name'>;
}

type ValueKind = 'text' | 'integer' | 'number' | 'boolean';

export interface Columns {
  /** In the order in which they are first seen. */
  columns: FoundColumn[];
  rows: number;
}

/** Reads through the staged items once, to know their columns. */
export async function findColumns(stagingFile: string): Promise<Columns> {
  const columns = new Map<string, FoundColumn>();
  let rows = 0;
  for await (const items of readStagedItems(stagingFile)) {
    rows += items.length;
    for (const item of items)
      for (const name of Object.keys(item)) addItemValue(columns, name, item[name] ?? null);
  }
  return { columns: [...columns.values()], rows };
}

/** Columns of which nothing is known but their names. */
export function emptyColumns(names: readonly string[]): FoundColumn[] {
  return names.map((name) => ({
    ...{ name, ...emptyStats(), values: 0, prices: 0 },
    ...{ amounts: emptyStats(), currencies: emptyStats() },
  }));
}

function emptyStats(): Omit<Column, 'name'> {
  return { kinds: new Set(), longest: 0 };
}

function addItemValue(columns: Map<string, FoundColumn>, name: string, found: JsonValue): void {
  let column = columns.get(name);
  if (column === undefined) {
    [column] = emptyColumns([name]) as [FoundColumn];
    columns.set(name, column);
  }
  addValue(column, toPlainValue(found));
  if (found === null) return;
  column.values += 1;
  if (!isPrice(found)) return;
  column.prices += 1;
  addValue(column.amounts, toPlainValue(found.amount));
  addValue(column.currencies, toPlainValue(found.currency));
}

function addValue(column: Omit<Column, 'name'>, value: PlainValue): void {
  if (value === null) return;
  column.kinds.add(getKind(value));
  column.longest = Math.max(column.longest, typeof value === 'string' ? value.length : String(value).length);
}

function getKind(value: string | number | boolean): ValueKind {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'text';
  return Number.isSafeInteger(value) ? 'integer' : 'number';
}

/** What a cell can hold. */
export type PlainValue = string | number | boolean | null;

/**
 * A value as a cell can hold it: lists and records as JSON text, what is no number (NaN, infinity) as nothing, and no
 * half of a character, which UTF-8 has not.
 */
export function toPlainValue(value: JsonValue | undefined): PlainValue {
  if (typeof value === 'string') return value.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value ?? null;
}
