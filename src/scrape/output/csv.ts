import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { fileExtension, isGzip } from '../../core/model/output-format.ts';
import type { Item } from '../lib/page.ts';
import type { ExistingFile, ExportOptions, ExportPlan } from './export-options.ts';
import {
  type CellRules,
  type CellSource,
  cannotAppendError,
  createCellColumns,
  describeMissingColumns,
  emptyColumns,
  type FoundColumn,
  findColumns,
  getCellValue,
  matchColumns,
} from './output-columns.ts';
import { readStagedItems } from './staging.ts';
import { createAppendPlan, createFilePlan, type ExistingText, readText, toGzipError } from './text-file.ts';

/**
 * The first characters of a text that a spreadsheet parses as a formula (OWASP, "CSV Injection"), including full-width
 * signs.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A signed number is not a formula: `-5`, `+4.5`, `-12,50 %`, `+49`. */
const SIGNED_NUMBER = /^[+-]\d+(?:[.,\u00A0\u202F' ]\d+)*(?:[eE][+-]?\d+)?\s?%?$/;

/** Prefixes a text that a spreadsheet would run as a formula with a quote. The spreadsheet then shows the text. */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) && !SIGNED_NUMBER.test(text) ? `'${text}` : text;
}

export interface CsvStyle {
  /** One character. */
  delimiter: string;
  /** Start with a byte order mark, by which Excel detects UTF-8. */
  bom: boolean;
  /** Whether texts that a spreadsheet would run as formulas get a quote prefix. */
  escapeFormulas: boolean;
}

/**
 * Creates CSV (RFC 4180) with LF as line end. null is an empty cell; lists and objects are JSON text.
 * @param header whether the header is written first
 */
export async function* createCsv(
  stagingFile: string,
  columns: readonly CellSource[],
  style: CsvStyle,
  header: boolean,
): AsyncGenerator<string> {
  // Arrays, not objects: for objects the library parses a dot in a column's name as a path.
  const toText = (rows: string[][]) =>
    stringify(rows, {
      delimiter: style.delimiter,
      // Many readers end a line at a lone CR.
      quoted_match: /[\r\n]/,
      // A line with one empty cell would be read as an empty line.
      quoted_empty: columns.length === 1,
    });
  if (header)
    yield (style.bom ? '\uFEFF' : '') + toText([columns.map(({ name }) => toHeaderCell(name, style))]);
  for await (const items of readStagedItems(stagingFile)) {
    yield toText(items.map((item) => columns.map((column) => toCell(item, column, style))));
  }
}

/** A column's name as written in the header. */
export function toHeaderCell(name: string, { escapeFormulas }: CsvStyle): string {
  return escapeFormulas ? escapeFormula(name) : name;
}

function toCell(item: Item, column: CellSource, { escapeFormulas }: CsvStyle): string {
  const value = getCellValue(item, column);
  if (typeof value === 'string') return escapeFormulas ? escapeFormula(value) : value;
  return value === null ? '' : String(value);
}

/**
 * Maps rows to the columns of an existing CSV file, in the file's order.
 * @param found the fields of the rows
 * @returns the cell sources; `missing` names columns that the rows do not have
 * @throws ScrapeError `output` if the rows have columns that the file lacks
 */
export async function matchHeaderColumns(
  present: ExistingText,
  found: readonly FoundColumn[],
  rules: CellRules,
  style: CsvStyle,
): Promise<{ columns: CellSource[]; missing: string[] }> {
  const { file } = present;
  const header = await readHeader(present, style.delimiter);
  return matchColumns(file, header, found, rules, (name) => toHeaderCell(name, style));
}

async function readHeader(present: ExistingText, delimiter: string): Promise<string[]> {
  const source = readText(present);
  const parser = source.pipe(parse({ delimiter, to: 1, bom: true, relax_column_count: true }));
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const row of parser) return (row as unknown[]).map(String);
    return [];
  } catch (error) {
    const told = toGzipError(present, error);
    if (told !== error) throw told;
    throw cannotAppendError(present.file, `its first line is not CSV (${String(error)})`, error);
  } finally {
    source.destroy();
  }
}

export async function planCsv(
  options: ExportOptions,
  present: ExistingFile | undefined,
): Promise<ExportPlan> {
  const { stagingFile, file, fields, prices, bom = false, escapeFormulas = true } = options;
  const delimiter = options.delimiter ?? (/^\.tsv/i.test(fileExtension(file)) ? '\t' : ',');
  const style = { delimiter, bom, escapeFormulas };
  const { columns: found } = await findColumns(stagingFile);
  const rules = { fields, prices };
  if (present === undefined) {
    const columns = createCellColumns(found.length > 0 ? found : emptyColumns(fields), rules);
    return createFilePlan(file, createCsv(stagingFile, columns, style, true));
  }
  const text = { ...present, gzip: isGzip(file) };
  const { columns, missing } = await matchHeaderColumns(text, found, rules, style);
  const warnings = describeMissingColumns(present.file, missing);
  return createAppendPlan(text, createCsv(stagingFile, columns, style, false), warnings);
}
