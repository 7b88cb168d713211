import { stringify } from 'csv-stringify/sync';
import type { Item } from '../../extract/item.ts';
import { type CellSource, getCellValue } from '../price-cells.ts';
import { readStagedItems } from '../staging.ts';
import { escapeFormula } from './escape-formula.ts';

export interface CsvStyle {
  /** One character. */
  delimiter: string;
  /** A byte order mark first, by which Excel knows UTF-8. */
  bom: boolean;
  /** Whether texts that a spreadsheet would run as formulas get a quote in front. */
  escapeFormulas: boolean;
}

/**
 * CSV as RFC 4180 has it, with LF between lines; null is an empty cell, lists and objects are JSON text.
 * @param header whether they are written first
 */
export async function* createCsv(
  stagingFile: string,
  columns: readonly CellSource[],
  style: CsvStyle,
  header: boolean,
): AsyncGenerator<string> {
  // Arrays, not objects: for objects the library reads a dot in a column's name as a path.
  const toText = (rows: string[][]) =>
    stringify(rows, {
      delimiter: style.delimiter,
      // A lone CR ends a line for many readers.
      quoted_match: /[\r\n]/,
      // A line of one empty cell would look like no line.
      quoted_empty: columns.length === 1,
    });
  if (header)
    yield (style.bom ? '\uFEFF' : '') + toText([columns.map(({ name }) => toHeaderCell(name, style))]);
  for await (const items of readStagedItems(stagingFile)) {
    yield toText(items.map((item) => columns.map((column) => toCell(item, column, style))));
  }
}

/** A column's name as it stands in the header. */
export function toHeaderCell(name: string, { escapeFormulas }: CsvStyle): string {
  return escapeFormulas ? escapeFormula(name) : name;
}

function toCell(item: Item, column: CellSource, { escapeFormulas }: CsvStyle): string {
  const value = getCellValue(item, column);
  if (typeof value === 'string') return escapeFormulas ? escapeFormula(value) : value;
  return value === null ? '' : String(value);
}
