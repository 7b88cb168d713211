import { parse } from 'csv-parse';
import { cannotAppendError, matchColumns } from '../append-columns.ts';
import type { FoundColumn } from '../output-columns.ts';
import type { CellRules, CellSource } from '../price-cells.ts';
import { type ExistingText, readText, toGzipError } from '../text-file.ts';
import { type CsvStyle, toHeaderCell } from './csv.ts';

/**
 * The columns in which rows are added to a CSV file: its own, in its order.
 * @param found the fields of the rows
 * @returns what they hold of the rows, `missing` those that the rows do not have
 * @throws ScrapeError `output` when the rows have columns that the file lacks
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
