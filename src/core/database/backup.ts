import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Libsql from 'libsql';
import { removeLeftover } from '../fs/atomic-file.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { freeSpace } from '../lib/free-space.ts';
import { pidExists } from '../process/pid-exists.ts';
import { makePrivateFile, query, quoted, syncToDisk } from './connection.ts';
import { sqlCode } from './sql-errors.ts';

/** How many backups are kept, the newest. */
const MAX_BACKUPS = 3;

const TEMP_BACKUP = /^\.(\d+)\.tmp(?:-journal)?$/;
/** A backup writes all the time: another process has the number of the one that made what is older. */
const STALE_MS = 3_600_000;

/**
 * Marks a file as a backup (SQLite's `application_id`): put in the database's place, it is older than what happened
 * since, and whoever opens it has to know.
 */
export const BACKUP_MARK = 0x51534a42;

/**
 * Keeps a copy of the database beside it, as `quickscrape.db.v1-<instant>.bak`, mode 0600 and on the disk when this
 * returns. The newest three are kept. Made by SQLite, never by copying the file: a copy could be torn, and would lack
 * the WAL. Call it under the change lock and outside a transaction.
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

/** Makes a new file a copy of the database as it is at this moment, marked as a backup and on the disk. */
export function copyInto(target: string, connection: Libsql.Database): void {
  makePrivateFile(target);
  connection.exec(`VACUUM INTO ${quoted(target)}`);
  mark(target);
  syncToDisk(target);
}

/** An instant as it may stand in a file's name: `2026-11-25T08-00-00-000Z`. */
export function fileInstant(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-');
}

/** What a backup is called until it takes `target`'s place. SQLite puts a journal beside it. */
export function tempBackupOf(target: string): string {
  return `${target}.${process.pid}.tmp`;
}

/**
 * Removes what killed backups to `target` left beside it; what cannot be removed stays.
 * @throws what the system throws for a folder that cannot be listed
 */
export function sweepTempBackups(target: string): void {
  for (const name of listSiblings(target, TEMP_BACKUP)) {
    const file = join(dirname(target), name);
    removeUnlessWritten(file, Number(TEMP_BACKUP.exec(name.slice(basename(target).length))?.[1]));
  }
}

/** Removes what a killed process left of a copy, and leaves what the process `pid` still writes. */
export function removeUnlessWritten(file: string, pid: number): void {
  const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isInUse = pid !== process.pid && pidExists(pid) && Date.now() - changedAt < STALE_MS;
  if (!isInUse) removeLeftover(file);
}

function mark(file: string): void {
  const connection = new Libsql(file);
  try {
    connection.exec(`PRAGMA application_id = ${BACKUP_MARK}`);
  } finally {
    connection.close();
  }
}

/** @param ending of what follows the file's own name */
function listSiblings(file: string, ending: RegExp): string[] {
  const own = basename(file);
  return readdirSync(dirname(file)).filter(
    (name) => name.startsWith(`${own}.`) && ending.test(name.slice(own.length)),
  );
}

const DISK_FULL = /^(SQLITE_FULL|ENOSPC|EDQUOT)/;
/** What SQLite says of a full disk as well, and of much else. */
const MAYBE_DISK_FULL = /^(SQLITE_IOERR|SQLITE_CANTOPEN)/;

/** The error of a backup; in words when there was no room for it. */
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
  // Such as a quota.
  const unless = free < size ? '' : `, and yet: ${(cause as Error).message}`;
  return new QuickscrapeError(
    'store_unavailable',
    `${file} has to be brought to this version's tables, and there is no room for the backup that is made first: ` +
      `it takes about ${mib(size)}, ${mib(free)} are free${unless}`,
    { hint: 'Free some space and try again; nothing was changed.', cause },
  );
}
