import { sqlCode } from '../../../core/database/sql-errors.ts';
import type { QuickscrapeError } from '../../../core/lib/errors.ts';
import { ScrapeError } from '../../lib/scrape-error.ts';
import type { ExportOptions } from '../export-options.ts';
import { emptyColumns, findColumns } from '../output-columns.ts';
import { type Target, toOutputError } from '../output-target.ts';
import { createDatabase } from './create-database.ts';
import type { TableRows } from './table.ts';
import { updateDatabase } from './update-database.ts';

type Description = readonly [code: string, text: (file: string) => string, hint: string];

const UNCHANGED_HINT = 'What was there before is unchanged.';

const DESCRIPTIONS: readonly Description[] = [
  [
    'SQLITE_BUSY',
    (file) => `${file} is held by another program`,
    `Close what has it open for writing, or what reads it for long. ${UNCHANGED_HINT}`,
  ],
  [
    'SQLITE_LOCKED',
    (file) => `${file} is held by another program`,
    `Close what has it open. ${UNCHANGED_HINT}`,
  ],
  [
    'SQLITE_FULL',
    (file) => `no space left on the disk of ${file}`,
    `Free some space or choose an output path on another disk. ${UNCHANGED_HINT}`,
  ],
  [
    'SQLITE_READONLY',
    (file) => `${file} is read-only`,
    'Change its permissions, or choose another output path.',
  ],
  [
    'SQLITE_NOTADB',
    (file) => `${file} is not an SQLite database, or an encrypted one`,
    'Move it away, or choose another output path. It was left as it is.',
  ],
  [
    'SQLITE_CORRUPT',
    (file) => `${file} is damaged`,
    'Move it away, or recover it: sqlite3 FILE .recover. It was left as it is.',
  ],
  [
    'SQLITE_CONSTRAINT',
    (file) => `${file} refuses a row`,
    `Its table has rules that the row breaks; for rows that are there already, name their field: output.key. ${UNCHANGED_HINT}`,
  ],
];

/** Converts an error of SQLite into kind `output`. Other errors are handled as errors of the file system. */
export function toDatabaseError(error: unknown, file: string): ScrapeError | QuickscrapeError {
  const code = sqlCode(error);
  if (code === undefined || error instanceof ScrapeError) return toOutputError(error, file);
  const message = (error as Error).message;
  const [, text, hint] = DESCRIPTIONS.find(([prefix]) => code.startsWith(prefix)) ?? [
    code,
    () => `${file} cannot be written`,
    `Check the disk and the permissions of its folder. ${UNCHANGED_HINT}`,
  ];
  return new ScrapeError('output', `${text(file)} (${message})`, { hint, cause: error });
}

/** How long to wait while another program locks the database, in milliseconds. */
const DEFAULT_BUSY_WAIT_MS = 30_000;

/**
 * Writes the staged items into a table of an SQLite database. A new database is put in place atomically; an existing
 * one is changed in one transaction. Its other tables stay unchanged.
 * @returns warnings for the user; `undefined` if the database was created meanwhile, and nothing was written
 * @throws ScrapeError `output` or `cancelled`, and the errors of `target.check`; existing content is then unchanged
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
  // Rows with a key are stored once, however often they are written.
  const note = append && key.length === 0 ? options.note : undefined;
  const { columns } = await findColumns(stagingFile);
  const found = columns.length > 0 ? columns : emptyColumns(fields);
  return { stagingFile, table, key, append, note, found, fields, prices, signal, busyWaitMs };
}
