import { isPrice } from '../../core/lib/price.ts';
import { truncateList } from '../../core/lib/text.ts';
import type { Item, JsonValue } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { readStagedItems } from './staging.ts';

/** Facts about a column's values, collected before it is written. */
export interface Column {
  name: string;
  /** The types of its values; empty if every row is empty. */
  kinds: Set<ValueKind>;
  /** The longest value, in characters. */
  longest: number;
}

/** A field of the rows: statistics as one column of whole values, and as two columns of price parts. */
export interface FoundColumn extends Column {
  /** The number of its values, and the number of those that are prices. */
  values: number;
  prices: number;
  amounts: Omit<Column, 'name'>;
  currencies: Omit<Column, 'name'>;
}

type ValueKind = 'text' | 'integer' | 'number' | 'boolean';

interface Columns {
  /** In the order in which they are first seen. */
  columns: FoundColumn[];
  rows: number;
}

/**
 * Reads the staged items once and collects the facts about their columns.
 * @param onValue called with each value
 */
export async function findColumns(
  stagingFile: string,
  onValue: (value: PlainValue) => void = () => {},
): Promise<Columns> {
  const columns = new Map<string, FoundColumn>();
  let rows = 0;
  for await (const items of readStagedItems(stagingFile)) {
    rows += items.length;
    for (const item of items)
      for (const name of Object.keys(item)) addItemValue(columns, name, item[name] ?? null, onValue);
  }
  return { columns: [...columns.values()], rows };
}

/** Columns of which only the names are known. */
export function emptyColumns(names: readonly string[]): FoundColumn[] {
  return names.map((name) => ({
    name,
    ...emptyStats(),
    values: 0,
    prices: 0,
    amounts: emptyStats(),
    currencies: emptyStats(),
  }));
}

function emptyStats(): Omit<Column, 'name'> {
  return { kinds: new Set(), longest: 0 };
}

function addItemValue(
  columns: Map<string, FoundColumn>,
  name: string,
  found: JsonValue,
  onValue: (value: PlainValue) => void,
): void {
  let column = columns.get(name);
  if (column === undefined) {
    [column] = emptyColumns([name]) as [FoundColumn];
    columns.set(name, column);
  }
  const plain = toPlainValue(found);
  onValue(plain);
  addValue(column, plain);
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
 * Converts a value for a cell. Lists and records become JSON text; NaN and infinity become null. A lone surrogate is
 * replaced, because UTF-8 cannot encode it.
 */
export function toPlainValue(value: JsonValue | undefined): PlainValue {
  if (typeof value === 'string') return value.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value ?? null;
}

/** A column of cells, and the part of a row that it contains. */
export interface CellSource {
  /** The column's name. */
  name: string;
  /** The field whose value it contains. */
  field: string;
  /** The whole value, or one part of a price. */
  part: 'whole' | 'amount' | 'currency';
}

export interface CellColumn extends CellSource, Column {}

/** The facts, besides the rows, that decide which fields get two columns. */
export interface CellRules {
  /** The fields of the configuration. */
  fields: readonly string[];
  /** The fields of type price. They always have two columns, even if no row has a price. */
  prices?: ReadonlySet<string> | undefined;
  /** The fields that identify a row. Two prices of the same amount must differ. */
  key?: readonly string[];
}

/** The names of the columns, in order. */
export function getColumnNames(columns: readonly CellSource[]): string[] {
  return columns.map(({ name }) => name);
}

/** A column that contains the whole value of a field, under the field's name. */
function toWholeColumn(field: string): CellSource {
  return { name: field, field, part: 'whole' };
}

/**
 * Creates the columns of the cells in csv, excel and sqlite. A price has two: its amount, named like the field, and
 * right after it `<field>_currency`. Every other value has one.
 * @param has whether the existing file or table has a column of that name; omitted for a new one. An older file with
 *   prices as JSON text, and so without the second column, continues with JSON text.
 */
export function createCellColumns(
  found: readonly FoundColumn[],
  { fields, prices, key = [] }: CellRules,
  has?: (name: string) => boolean,
): CellColumn[] {
  // SQLite compares column names without case: "Price" and "price" are the same.
  const taken = new Set([...fields, ...found.map(({ name }) => name)].map((name) => name.toLowerCase()));
  return found.flatMap((column): CellColumn[] => {
    const { name } = column;
    const second = getCurrencyColumn(name);
    const free = !taken.has(second.toLowerCase()) && !key.includes(name);
    return free && isSplitPrice(column, prices?.has(name) === true, has)
      ? [
          { ...column.amounts, name, field: name, part: 'amount' },
          { ...column.currencies, name: second, field: name, part: 'currency' },
        ]
      : [{ ...column, ...toWholeColumn(name) }];
  });
}

/** The value of a row's cell. */
export function getCellValue(item: Item, { field, part }: CellSource): PlainValue {
  const value = Object.hasOwn(item, field) ? item[field] : null;
  if (part === 'whole') return toPlainValue(value);
  if (isPrice(value)) return toPlainValue(value[part]);
  // A file with two columns also accepts a value that is not a price.
  return part === 'amount' ? toPlainValue(value) : null;
}

function isSplitPrice(
  column: FoundColumn,
  isDeclared: boolean,
  has: (name: string) => boolean = () => false,
): boolean {
  const { name, values, prices } = column;
  const both = [name, getCurrencyColumn(name)].filter(has).length;
  if (both === 1) return false;
  if (values === 0) return both === 2 || isDeclared;
  return both === 2 ? prices > 0 : prices === values;
}

function getCurrencyColumn(field: string): string {
  return `${field}_currency`;
}

const HINT = 'Use another output path, move the old file away, or set append: false.';

/** Creates the error for a file that rows cannot be appended to. */
export function cannotAppendError(file: string, why: string, cause?: unknown): ScrapeError {
  return new ScrapeError('output', `cannot append to ${file}: ${why}`, {
    hint: HINT,
    ...(cause !== undefined && { cause }),
  });
}

/**
 * Maps rows to the columns of an existing file, in the file's order.
 * @param header the file's column names
 * @param found the fields of the rows
 * @param toCellName returns a column's name as written in the file
 * @returns the cell sources; `missing` names columns that the rows do not have
 * @throws ScrapeError `output` if the rows have columns that the file lacks
 */
export function matchColumns(
  file: string,
  header: readonly string[],
  found: readonly FoundColumn[],
  rules: CellRules,
  toCellName: (name: string) => string,
): { columns: CellSource[]; missing: string[] } {
  const columns = createCellColumns(found, rules, (name) => header.includes(toCellName(name)));
  const byName = new Map(columns.map((column) => [toCellName(column.name), column]));
  const added = [...byName.keys()].filter((cell) => !header.includes(cell));
  if (added.length > 0) {
    throw new ScrapeError(
      'output',
      `cannot append to ${file}: it has no column ${added.map((name) => `"${name}"`).join(', ')} (it has: ${header.join(', ')})`,
      {
        hint: 'Use another output path for the new columns, move the old file away, or set append: false. For csv check the delimiter, too.',
      },
    );
  }
  const missing = header.filter((cell) => !byName.has(cell));
  return {
    columns: header.map((cell) => byName.get(cell) ?? toWholeColumn(cell)),
    missing: columns.length === 0 ? [] : missing,
  };
}

/** The warning about columns that stay empty. */
export function describeMissingColumns(file: string, missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  return [`${file} has columns that the rows lack, which stay empty in them: ${truncateList(missing)}`];
}
