import { DAY_MS } from '../../../core/lib/clock.ts';
import type { Item } from '../../lib/page.ts';
import { type CellSource, getCellValue, type PlainValue } from '../output-columns.ts';
import { readStagedItems } from '../staging.ts';
import { toMoneyCell } from './money-cells.ts';
import { escapeCellText, sanitizeCellText } from './package-parts.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?$/;

/** Excel counts days from here. It treats 1900 as a leap year, so its numbers are correct only after that February. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
const MIN_SERIAL = 61;

/**
 * Converts a date to Excel's serial number; the time is the fraction of a day.
 * @param text an ISO date, or date and time without a time zone, because Excel has none
 * @returns `undefined` for other texts, for days that do not exist and for days before March 1900
 */
function toDateSerial(text: string): { serial: number; hasTime: boolean } | undefined {
  const parts = DATE.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const ms = Number((parts[7] ?? '0').padEnd(3, '0'));
  const instant = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  if (instant.getUTCMonth() !== month - 1 || instant.getUTCDate() !== day || hour > 23) return undefined;
  const serial = (instant.getTime() - EPOCH_MS) / DAY_MS;
  return serial < MIN_SERIAL ? undefined : { serial, hasTime: parts[4] !== undefined };
}

/** The limits of a sheet (support.microsoft.com, "Excel specifications and limits"). */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 16_384;
/** In UTF-16 units. */
const MAX_CELL_CHARACTERS = 32_767;
const MAX_SHEET_NAME = 31;

/** Makes a valid sheet name: replaces `[]:*?/\` and quotes at its ends, and truncates it. */
export function toSheetName(name: string, part = 1): string {
  const number = part === 1 ? '' : ` (${part})`;
  const allowed = name
    .replaceAll(/[[\]:*?/\\]|\p{Cc}/gu, '_')
    .slice(0, MAX_SHEET_NAME - number.length)
    .replaceAll(/^'|'$/g, '_');
  // Excel reserves the name "History".
  return (/^(?:history|\s*)$/i.test(allowed) ? 'items' : allowed) + number;
}

/** The name of column `index` (from 0): `A`, `B`, … `Z`, `AA`. */
export function toColumnName(index: number): string {
  let name = '';
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

/** The styles of a workbook's cells, as indexes into its list of styles. */
export interface Styles {
  header: number;
  date: number;
  dateTime: number;
  /** By number format; texts that are amounts in one of these formats become numbers. */
  money: ReadonlyMap<string, number>;
}

/** The source of a sheet's rows, and how they are written. */
export interface SheetRows {
  stagingFile: string;
  /** From left to right. */
  columns: readonly CellSource[];
  /** The columns whose texts may be dates. */
  dates: ReadonlySet<string>;
  styles: Styles;
  /** Counts truncated texts. */
  cut: TruncatedCells;
}

/** Counts the cells that were longer than Excel allows. */
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
 * Creates rows of a sheet as XML, in chunks.
 * @param items the range of staged items: from `from`, up to but not including `to`
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

/** Creates the header row. */
export function createHeaderXml(
  names: readonly string[],
  { styles, cut }: Pick<SheetRows, 'styles' | 'cut'>,
): string {
  const cells = names.map((name, index) =>
    createTextCell(`${toColumnName(index)}1`, toHeaderText(name, cut), styles.header),
  );
  return `<row r="1">${cells.join('')}</row>`;
}

/** A column's name as written in a sheet. */
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
  const money = rows.styles.money.size === 0 ? undefined : toMoneyCell(value);
  const style = money && rows.styles.money.get(money.format);
  if (money !== undefined && style !== undefined)
    return `<c r="${reference}" s="${style}"><v>${money.value}</v></c>`;
  return createTextCell(reference, truncateCell(sanitizeCellText(value), name, rows.cut));
}

/** An inline string is never a formula, whatever its first character is. */
function createTextCell(reference: string, text: string, style?: number): string {
  if (text === '') return '';
  const space = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
  const styled = style === undefined ? '' : ` s="${style}"`;
  return `<c r="${reference}"${styled} t="inlineStr"><is><t${space}>${escapeCellText(text)}</t></is></c>`;
}

function truncateCell(text: string, column: string, cut: TruncatedCells): string {
  if (text.length <= MAX_CELL_CHARACTERS) return text;
  cut.note(column);
  // Do not split a surrogate pair.
  return text.slice(0, MAX_CELL_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');
}
