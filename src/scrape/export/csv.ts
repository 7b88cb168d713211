import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { ScrapeError } from '../errors.ts';
import type { Item, JsonValue } from '../extract/item.ts';
import { stagedItems } from './staging.ts';

/** The keys of all items, in the order in which they are first seen. */
export async function csvColumns(stagingFile: string): Promise<string[]> {
  const columns = new Set<string>();
  for await (const items of stagedItems(stagingFile)) {
    for (const item of items) for (const key of Object.keys(item)) columns.add(key);
  }
  return [...columns];
}

/** CSV as RFC 4180 has it, with LF between lines; null is an empty cell, lists and objects are JSON text. */
export async function* csvText(
  stagingFile: string,
  columns: readonly string[],
  { delimiter, header }: { delimiter: string; header: boolean },
): AsyncGenerator<string> {
  // Arrays, not objects: for objects the library reads a dot in a column's name as a path.
  const toText = (rows: string[][]) =>
    stringify(rows, {
      delimiter,
      // A lone CR ends a line for many readers.
      quoted_match: /[\r\n]/,
      // A line of one empty cell would look like no line.
      quoted_empty: columns.length === 1,
    });
  if (header) yield toText([[...columns]]);
  for await (const items of stagedItems(stagingFile)) {
    yield toText(items.map((item) => columns.map((column) => cell(item, column))));
  }
}

function cell(item: Item, column: string): string {
  const value: JsonValue | undefined = Object.hasOwn(item, column) ? item[column] : null;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * The columns in which rows are added to a CSV file: its own, in its order.
 * @throws ScrapeError `output` when the rows have columns that the file lacks
 */
export async function columnsToAppend(
  file: string,
  columns: readonly string[],
  delimiter: string,
): Promise<string[]> {
  const existing = await readHeader(file, delimiter);
  const added = columns.filter((column) => !existing.includes(column));
  if (added.length > 0) {
    throw new ScrapeError(
      'output',
      `cannot append to ${file}: it has no column ${added.map((name) => `"${name}"`).join(', ')} (it has: ${existing.join(', ')})`,
      {
        hint: 'Use another output path for the new columns, move the old file away, or set append: false. Check the delimiter, too.',
      },
    );
  }
  return existing;
}

async function readHeader(file: string, delimiter: string): Promise<string[]> {
  const source = createReadStream(file);
  const parser = source.pipe(parse({ delimiter, to: 1, bom: true, relax_column_count: true }));
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const row of parser) return (row as unknown[]).map(String);
    return [];
  } catch (error) {
    throw new ScrapeError(
      'output',
      `cannot append to ${file}: its first line is not CSV (${String(error)})`,
      {
        hint: 'Use another output path, or set append: false.',
        cause: error,
      },
    );
  } finally {
    source.destroy();
  }
}
