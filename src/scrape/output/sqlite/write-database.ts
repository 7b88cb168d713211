import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { rollBack } from '../../../core/database/connection.ts';
import { Sqlite } from '../../../core/database/native-sqlite.ts';
import { isBusy, sqlCode } from '../../../core/database/sql-errors.ts';
import { sweepTempFiles, tempFileName } from '../../../core/fs/atomic-file.ts';
import type { QuickscrapeError } from '../../../core/lib/errors.ts';
import { pause } from '../../lib/pause.ts';
import { ScrapeError } from '../../lib/scrape-error.ts';
import { ALREADY_APPENDED, type ExportOptions } from '../export-options.ts';
import { emptyColumns, findColumns } from '../output-columns.ts';
import { syncOutputFolder, type Target, toOutputError } from '../output-target.ts';
import { fillTable, getTableFingerprint, isOwnDatabase, recordTable, type TableRows } from './table.ts';

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

/** Files that SQLite creates beside a database. It would apply them to a new database of the same name. */
const SIDE_FILE_SUFFIXES = ['-journal', '-wal'];

/**
 * Creates a database with the rows, and puts it in place atomically: a part in the same folder, fsync, link, fsync of
 * the folder.
 * @returns warnings for the user; `undefined` if a file appeared at the path meanwhile, and nothing was written
 * @throws ScrapeError `output` or `cancelled`, and the errors of libsql and `target.check`; no file remains then
 */
export async function createDatabase(target: Target, rows: TableRows): Promise<string[] | undefined> {
  const { file } = target;
  const folder = dirname(file);
  sweepTempFiles(folder);
  refuseSideFiles(file);
  const part = tempFileName(file);
  try {
    await (await open(part, 'ax', target.mode)).close();
    const warnings = await fillDatabase(part, file, rows);
    await syncFile(part);
    // A link may have replaced the folder meanwhile.
    target.check();
    if (!linkIntoPlace(part, file)) return undefined;
    await syncOutputFolder(folder);
    return warnings;
  } finally {
    await unlink(part).catch(() => undefined);
  }
}

async function fillDatabase(part: string, file: string, rows: TableRows): Promise<string[]> {
  const db = new Sqlite(part);
  try {
    // No other process reads the part, and an incomplete one is deleted, so it needs no journal.
    db.exec('PRAGMA journal_mode = OFF');
    db.exec('PRAGMA synchronous = OFF');
    db.exec('BEGIN');
    const warnings = await fillTable(db, file, rows);
    await recordTable(db, file, rows);
    db.exec('COMMIT');
    return warnings;
  } finally {
    db.close();
  }
}

async function syncFile(part: string): Promise<void> {
  const handle = await open(part, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Not a rename, which would replace a file that another run created meanwhile. */
function linkIntoPlace(part: string, file: string): boolean {
  try {
    linkSync(part, file);
    // With a second name (hard link), other runs would refuse to update the database.
    unlinkSync(part);
    return true;
  } catch (error) {
    if (existsSync(file)) return false;
    const { code = '' } = error as NodeJS.ErrnoException;
    // File systems without hard links, such as FAT.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    renameSync(part, file);
    return true;
  }
}

function refuseSideFiles(file: string): void {
  const left = SIDE_FILE_SUFFIXES.map((ending) => file + ending).find((path) => existsSync(path));
  if (left === undefined) return;
  throw new ScrapeError(
    'output',
    `there is a ${left} without its database, and SQLite would apply it to a new one`,
    {
      hint: 'Put the database back, or move that file away.',
    },
  );
}

const BUSY_INTERVAL_MS = 25;
const HARD_LINK_WAIT_MS = 500;
/**
 * SQLite buffers this much of the written data in memory, in KiB. Beyond that, readers wait until the transaction ends.
 */
const CACHE_KIB = 64 * 1024;
/** The first bytes of an SQLite database (sqlite.org/fileformat2.html, 1.3). */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Writes rows into a table of an existing database, in one transaction. Readers see the old content until the commit,
 * and after a rollback.
 * @throws ScrapeError `output` or `cancelled`, and the errors of libsql and `target.check`; nothing is changed then
 */
async function updateDatabase(target: Target, rows: TableRows): Promise<string[]> {
  const { file } = target;
  sweepTempFiles(dirname(file));
  await refuseHardLinks(file, rows.signal);
  refuseOtherFiles(file);
  target.check();
  const db = new Sqlite(file);
  try {
    // SQLite's own wait would block this whole process.
    db.exec('PRAGMA busy_timeout = 0');
    db.exec('PRAGMA synchronous = FULL');
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    await retryWhileBusy(() => db.exec('BEGIN IMMEDIATE'), rows);
    return await updateTable(db, target, rows);
  } finally {
    db.close();
  }
}

async function updateTable(db: Libsql.Database, target: Target, rows: TableRows): Promise<string[]> {
  try {
    if (isOwnDatabase(db)) {
      throw new ScrapeError('output', `${target.file} is a database of QuickScrape's own`, {
        hint: 'Choose another output path.',
      });
    }
    if (await rows.note?.matches(getTableFingerprint(db, target.file, rows.table))) {
      rollBack(db);
      return [ALREADY_APPENDED];
    }
    const warnings = await fillTable(db, target.file, rows);
    await recordTable(db, target.file, rows);
    // A link may have been put there meanwhile.
    target.check();
    await retryWhileBusy(() => db.exec('COMMIT'), rows);
    return warnings;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

async function retryWhileBusy(work: () => void, { busyWaitMs, signal }: TableRows): Promise<void> {
  const end = performance.now() + busyWaitMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      await pause(BUSY_INTERVAL_MS, signal);
    }
  }
}

/**
 * Refuses a file with several names, because another name's content would change too. While another run creates the
 * database, the file briefly has two names, so this waits.
 */
async function refuseHardLinks(file: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + HARD_LINK_WAIT_MS;
  while (statSync(file).nlink > 1) {
    if (performance.now() < end) {
      await pause(BUSY_INTERVAL_MS, signal);
      continue;
    }
    throw new ScrapeError(
      'output',
      `${file} has other names (hard links), and would change under these, too`,
      {
        hint: 'Choose another output path, or copy the file in its place.',
      },
    );
  }
}

/** SQLite accepts an empty file as an empty database. */
function refuseOtherFiles(file: string): void {
  if (statSync(file).size === 0 || readHeader(file).equals(MAGIC)) return;
  throw new ScrapeError('output', `${file} is not an SQLite database`, {
    hint: 'Move it away, or choose another output path. It was left as it is.',
  });
}

function readHeader(file: string): Buffer {
  const bytes = Buffer.alloc(MAGIC.length);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(fd);
  }
  return bytes;
}

type Description = readonly [code: string, text: (file: string) => string, hint: string];

const UNCHANGED_HINT = 'The existing data is unchanged.';

const DESCRIPTIONS: readonly Description[] = [
  [
    'SQLITE_BUSY',
    (file) => `${file} is locked by another program`,
    `Close programs that write to it, or that read it for long. ${UNCHANGED_HINT}`,
  ],
  [
    'SQLITE_LOCKED',
    (file) => `${file} is locked by another program`,
    `Close the program that has it open. ${UNCHANGED_HINT}`,
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
    (file) => `${file} rejects a row`,
    `The row breaks a rule of its table. To update existing rows, name the fields that identify them: output.key. ${UNCHANGED_HINT}`,
  ],
];

/** Converts an error of SQLite into kind `output`. Other errors are handled as errors of the file system. */
function toDatabaseError(error: unknown, file: string): ScrapeError | QuickscrapeError {
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
