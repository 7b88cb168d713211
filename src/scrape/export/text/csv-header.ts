import { parse } from 'csv-parse';
import { ScrapeError } from '../../errors.ts';
import { type CsvStyle, headerCell } from './csv.ts';
import { notGzip, type PresentText, readText } from './text-file.ts';

/**
 * The columns in which rows are added to a CSV file: its own, in its order.
 * @param columns names of the rows' columns
 * @returns the names as they are called in the rows, `missing` those that the rows do not have
 * @throws ScrapeError `output` when the rows have columns that the file lacks
 */
export async function columnsToAppend(
  present: PresentText,
  columns: readonly string[],
  style: CsvStyle,
): Promise<{ columns: string[]; missing: string[] }> {
  const { file } = present;
  const header = await readHeader(present, style.delimiter);
  const named = new Map(columns.map((name) => [headerCell(name, style), name]));
  const added = [...named.keys()].filter((cell) => !header.includes(cell));
  if (added.length > 0) {
    throw new ScrapeError(
      'output',
      `cannot append to ${file}: it has no column ${added.map((name) => `"${name}"`).join(', ')} (it has: ${header.join(', ')})`,
      {
        hint: 'Use another output path for the new columns, move the old file away, or set append: false. Check the delimiter, too.',
      },
    );
  }
  const missing = header.filter((cell) => !named.has(cell));
  return {
    columns: header.map((cell) => named.get(cell) ?? cell),
    missing: columns.length === 0 ? [] : missing,
  };
}

async function readHeader(present: PresentText, delimiter: string): Promise<string[]> {
  const source = readText(present);
  const parser = source.pipe(parse({ delimiter, to: 1, bom: true, relax_column_count: true }));
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const row of parser) return (row as unknown[]).map(String);
    return [];
  } catch (error) {
    const told = notGzip(present, error);
    if (told !== error) throw told;
    throw new ScrapeError(
      'output',
      `cannot append to ${present.file}: its first line is not CSV (${String(error)})`,
      {
        hint: 'Use another output path, or set append: false.',
        cause: error,
      },
    );
  } finally {
    source.destroy();
  }
}
