import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Libsql from 'libsql';
import { removeLeftover, STALE_MS, syncToDisk } from '../fs/atomic-file.ts';
import { freeSpace } from '../fs/disk-space.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { pidExists } from '../process/process-table.ts';
import { makePrivateFile, query, quoted } from './connection.ts';
import { Sqlite } from './native-sqlite.ts';
import { sqlCode } from './sql-errors.ts';

/** The maximum number of backups; older ones are removed. */
const MAX_BACKUPS = 3;

const TEMP_BACKUP = /^\.(\d+)\.tmp(?:-journal)?$/;

/**
 * Marks a file as a backup (SQLite's `application_id`). A backup that takes the database's place is outdated, and the
 * process that opens it must detect this.
 */
export const BACKUP_MARK = 0x51534a42;

/**
 * Saves a copy of the database beside it as `quickscrape.db.v1-<instant>.bak`, mode 0600 and synced to the disk. Only
 * the newest three backups are retained. SQLite makes the copy: a copied file could be torn, and would lack the WAL.
 * Call it under the change lock and outside a transaction.
 * @returns the backup's path
 * @throws QuickscrapeError `store_unavailable` when the disk has no room for it
 */
export function backUp(file: string, connection: Libsql.Database, version: number, now: number): string {
  const folder = dirname(file);
  const target = `${file}.v${version}-${fileInstant(now)}.bak`;
  const temp = `${target}.tmp`;
  for (const name of listSiblings(file, /\.bak\.tmp(-journal)?$/))
    rmSync(join(folder, name), { force: true });
  try {
    copyInto(temp, connection);
    renameSync(temp, target);
    syncToDisk(folder);
  } catch (error) {
    rmSync(temp, { force: true });
    throw toDiskFullError(file, connection, error);
  }
  const old = listSiblings(file, /\.v\d+-[^/]*\.bak$/)
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .slice(MAX_BACKUPS);
  for (const { name } of old) rmSync(join(folder, name), { force: true });
  return target;
}

/** Copies the current state of the database into a new file, marks it as a backup and syncs it to the disk. */
export function copyInto(target: string, connection: Libsql.Database): void {
  makePrivateFile(target);
  connection.exec(`VACUUM INTO ${quoted(target)}`);
  mark(target);
  syncToDisk(target);
}

/** Formats an instant for a file name: `2026-11-25T08-00-00-000Z`. */
export function fileInstant(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-');
}

/** Returns the temporary name of a backup until it replaces `target`. SQLite puts a journal beside it. */
export function tempBackupOf(target: string): string {
  return `${target}.${process.pid}.tmp`;
}

/**
 * Removes the temporary files of killed backups to `target`; files that cannot be removed stay.
 * @throws NodeJS.ErrnoException for a folder that cannot be listed
 */
export function sweepTempBackups(target: string): void {
  for (const name of listSiblings(target, TEMP_BACKUP)) {
    const file = join(dirname(target), name);
    removeUnlessWritten(file, Number(TEMP_BACKUP.exec(name.slice(basename(target).length))?.[1]));
  }
}

/** Removes the unfinished copy of a killed process, unless the process `pid` still writes it. */
export function removeUnlessWritten(file: string, pid: number): void {
  const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isInUse = pid !== process.pid && pidExists(pid) && Date.now() - changedAt < STALE_MS;
  if (!isInUse) removeLeftover(file);
}

function mark(file: string): void {
  const connection = new Sqlite(file);
  try {
    connection.exec(`PRAGMA application_id = ${BACKUP_MARK}`);
  } finally {
    connection.close();
  }
}

/** @param ending matches the part of a name after the file's own name */
function listSiblings(file: string, ending: RegExp): string[] {
  const own = basename(file);
  return readdirSync(dirname(file)).filter(
    (name) => name.startsWith(`${own}.`) && ending.test(name.slice(own.length)),
  );
}

const DISK_FULL = /^(SQLITE_FULL|ENOSPC|EDQUOT)/;
/** SQLite reports these errors for a full disk, but also for many other problems. */
const MAYBE_DISK_FULL = /^(SQLITE_IOERR|SQLITE_CANTOPEN)/;

/** Returns the error of a backup, with an explanation if the disk was full. */
function toDiskFullError(file: string, connection: Libsql.Database, error: unknown): unknown {
  const code = sqlCode(error) ?? String((error as NodeJS.ErrnoException).code);
  const free = freeSpace(dirname(file)).bytes ?? 0;
  const size = DISK_FULL.test(code) || MAYBE_DISK_FULL.test(code) ? sizeOf(connection) : 0;
  return DISK_FULL.test(code) || free < size ? diskFullError(file, size, free, error) : error;
}

function sizeOf(connection: Libsql.Database): number {
  const [size] = query<{ bytes: number }>(
    connection,
    'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()',
  );
  return size?.bytes ?? 0;
}

function diskFullError(file: string, size: number, free: number, cause: unknown): QuickscrapeError {
  const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  // The disk has room; the reason may be a quota.
  const unless = free < size ? '' : `, and yet: ${(cause as Error).message}`;
  return new QuickscrapeError(
    'store_unavailable',
    `${file} must be migrated to this version, but there is not enough space for the backup that is made first: ` +
      `it takes about ${mib(size)}, ${mib(free)} are free${unless}`,
    { hint: 'Free some space and try again; nothing was changed.', cause },
  );
}
