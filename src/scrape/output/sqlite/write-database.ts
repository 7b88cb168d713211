import type { ExportOptions } from '../export-options.ts';
import { emptyColumns, findColumns } from '../output-columns.ts';
import type { Target } from '../output-target.ts';
import { createDatabase } from './create-database.ts';
import { toDatabaseError } from './database-error.ts';
import type { TableRows } from './prepare-table.ts';

import { updateDatabase } from './update-database.ts';

/** How long another program may hold the database, in milliseconds. */
const DEFAULT_BUSY_WAIT_MS = 30_000;

/**
 * Writes the staged items into a table of an SQLite database: of a new one, which takes its place as a whole, or of the
 * one that is there, in one transaction. Other tables of it stay as they are.
 * @returns what the user should know; `undefined` when the database came into being meanwhile: nothing was done
 * @throws ScrapeError `output` or `cancelled`, what `target.check` throws; what was there before is untouched
 */
export async function writeDatabase(options: ExportOptions, target: Target): Promise<string[] | undefined> {
  try {
    const rows = await toTableRows(options);
    return target.existing === undefined
      ? await createDatabase(target, rows)
      : await updateDatabase(target, rows);
  } catch (error) {
    throw toDatabaseError(error, target.file);
  }
}

async function toTableRows(options: ExportOptions): Promise<TableRows> {
  const {
    stagingFile,
    table = 'items',
    key = [],
    append,
    signal,
    busyWaitMs = DEFAULT_BUSY_WAIT_MS,
  } = options;
  const { fields, prices } = options;
  // Rows that are known by a key stand there once, however often they are written.
  const note = append && key.length === 0 ? options.note : undefined;
  const { columns } = await findColumns(stagingFile);
  const found = columns.length > 0 ? columns : emptyColumns(fields);
  return { stagingFile, table, key, append, note, found, fields, prices, signal, busyWaitMs };
}
