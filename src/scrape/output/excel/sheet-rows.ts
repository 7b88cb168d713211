import type { Item } from '../../extract/item.ts';
import type { PlainValue } from '../output-columns.ts';
import { type CellSource, getCellValue } from '../price-cells.ts';
import { readStagedItems } from '../staging.ts';
import { toDateSerial } from './excel-dates.ts';
import { MAX_CELL_CHARACTERS, toColumnName } from './excel-limits.ts';
import { escapeCellText, sanitizeCellText } from './xml.ts';

/** The styles of a workbook's cells, by their places in its list of styles. */
export interface Styles {
  header: number;
  date: number;
  dateTime: number;
}

/** Where the rows of a sheet come from, and how they are written. */
export interface SheetRows {
  stagingFile: string;
  /** From the left. */
  columns: readonly CellSource[];
  /** The columns whose texts may be dates. */
  dates: ReadonlySet<string>;
  styles: Styles;
  /** Counts what had to be cut. */
  cut: TruncatedCells;
}

/** Cells that are longer than Excel's can be. */
export class TruncatedCells {
  #count = 0;
  #first = '';

  note(column: string): void {
    if (this.#count === 0) this.#first = column;
    this.#count += 1;
  }

  warnings(): string[] {
    if (this.#count === 0) return [];
    const limit = MAX_CELL_CHARACTERS.toLocaleString('en-US');
    const cells = this.#count === 1 ? 'one text was' : `${this.#count} texts were`;
    return [
      `${cells} cut to the ${limit} characters that a cell of Excel can hold, the first in "${this.#first}"; csv, json, jsonl and sqlite keep them whole`,
    ];
  }
}

/**
 * Rows of a sheet as XML, in pieces.
 * @param items which of the staged items, from the first on to before the last
 * @param firstRow the number of the first row, from 1
 */
export async function* createRowsXml(
  rows: SheetRows,
  items: { from: number; to: number },
  firstRow: number,
): AsyncGenerator<string> {
  const references = rows.columns.map((_, index) => toColumnName(index));
  let seen = 0;
  for await (const batch of readStagedItems(rows.stagingFile)) {
    const wanted = batch.slice(Math.max(0, items.from - seen), Math.max(0, items.to - seen));
    const number = firstRow + Math.max(seen, items.from) - items.from;
    seen += batch.length;
    if (wanted.length > 0)
      yield wanted.map((item, index) => createRowXml(rows, references, item, number + index)).join('');
    if (seen >= items.to) return;
  }
}

/** The row with the names of the columns. */
export function createHeaderXml(
  names: readonly string[],
  { styles, cut }: Pick<SheetRows, 'styles' | 'cut'>,
): string {
  const cells = names.map((name, index) =>
    createTextCell(`${toColumnName(index)}1`, toHeaderText(name, cut), styles.header),
  );
  return `<row r="1">${cells.join('')}</row>`;
}

/** What a column is called in a sheet. */
export function toHeaderText(name: string, cut: TruncatedCells): string {
  return truncateCell(sanitizeCellText(name), name, cut);
}

function createRowXml(rows: SheetRows, references: readonly string[], item: Item, number: number): string {
  let cells = '';
  for (const [index, column] of rows.columns.entries())
    cells += createCell(rows, `${references[index]}${number}`, column.name, getCellValue(item, column));
  return `<row r="${number}">${cells}</row>`;
}

function createCell(rows: SheetRows, reference: string, name: string, value: PlainValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c r="${reference}" t="b"><v>${value ? 1 : 0}</v></c>`;
  const date = rows.dates.has(name) ? toDateSerial(value) : undefined;
  if (date !== undefined) {
    const style = date.hasTime ? rows.styles.dateTime : rows.styles.date;
    return `<c r="${reference}" s="${style}"><v>${date.serial}</v></c>`;
  }
  return createTextCell(reference, truncateCell(sanitizeCellText(value), name, rows.cut));
}

/** A text is never a formula here, however it begins. */
function createTextCell(reference: string, text: string, style?: number): string {
  if (text === '') return '';
  const space = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
  const styled = style === undefined ? '' : ` s="${style}"`;
  return `<c r="${reference}"${styled} t="inlineStr"><is><t${space}>${escapeCellText(text)}</t></is></c>`;
}

function truncateCell(text: string, column: string, cut: TruncatedCells): string {
  if (text.length <= MAX_CELL_CHARACTERS) return text;
  cut.note(column);
  // Not within a character of two units.
  return text.slice(0, MAX_CELL_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');
}
