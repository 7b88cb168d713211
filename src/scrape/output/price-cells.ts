import type { Item } from '../extract/item.ts';
import { isPrice } from './is-price.ts';
import { type Column, type FoundColumn, type PlainValue, toPlainValue } from './output-columns.ts';

/** A column of cells, and what of a row it holds. */
export interface CellSource {
  /** What it is called. */
  name: string;
  /** The field whose value it holds. */
  field: string;
  /** All of the value, or a part of it when it is a price. */
  part: 'whole' | 'amount' | 'currency';
}

export interface CellColumn extends CellSource, Column {}

/** What decides, beside the rows, which fields get two columns. */
export interface CellRules {
  /** The fields of the configuration. */
  fields: readonly string[];
  /** Those of type price: they have two columns also where no row has a price. */
  prices?: ReadonlySet<string> | undefined;
  /** The fields by which rows are known: two prices of the same amount must differ. */
  key?: readonly string[];
}

/** What the columns of a row's cells are called, in order. */
export function getColumnNames(columns: readonly CellSource[]): string[] {
  return columns.map(({ name }) => name);
}

/** Columns that hold the fields as they are called. */
export function toWholeColumn(field: string): CellSource {
  return { name: field, field, part: 'whole' };
}

/**
 * The columns of the cells in csv, excel and sqlite. A price has two of them, its amount, called as the field, and right
 * after it `<field>_currency`; every other value has one.
 * @param has whether what is added to has a column of that name; none for a file or a table that begins anew. One that
 *   began with prices as JSON text, and so lacks the second column, goes on with them.
 */
export function createCellColumns(
  found: readonly FoundColumn[],
  { fields, prices, key = [] }: CellRules,
  has?: (name: string) => boolean,
): CellColumn[] {
  // SQLite does not tell "Price" from "price".
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

/** What a cell of a row holds. */
export function getCellValue(item: Item, { field, part }: CellSource): PlainValue {
  const value = Object.hasOwn(item, field) ? item[field] : null;
  if (part === 'whole') return toPlainValue(value);
  if (isPrice(value)) return toPlainValue(value[part]);
  // A file of two columns takes a value that is no price, too.
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
