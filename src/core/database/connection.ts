import { accessSync, chmodSync, closeSync, constants, fchmodSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { refuseLink } from '../fs/symlinks.ts';
import { sleepSync } from '../lib/clock.ts';
import { Sqlite } from './native-sqlite.ts';
import { isBusy } from './sql-errors.ts';

/**
 * Opens a private database file for writing, and creates it if it is missing. Its mode is 0600 under any umask. The
 * files that SQLite puts beside it (`-wal`, `-shm`, `-journal`) get the mode that the database has at that moment.
 * @throws QuickscrapeError `not_allowed` for a symbolic link; errors of libsql and the system
 */
export function openPrivateFile(file: string): Libsql.Database {
  makePrivateFile(file);
  const connection = new Sqlite(file);
  try {
    if ((statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Creates an empty file, mode 0600, for SQLite to fill; an existing file stays unchanged. */
export function makePrivateFile(file: string): void {
  refuseLink(file);
  let fd: number;
  try {
    // A new file cannot have a lock of this process yet. Closing the file would drop such a lock (POSIX).
    fd = openSync(file, 'wx', 0o600);
  } catch {
    // It exists, or cannot be created; then SQLite reports why.
    return;
  }
  try {
    // The umask reduces the mode that open() receives.
    fchmodSync(fd, 0o600);
  } finally {
    closeSync(fd);
  }
}

/**
 * Whether a file exists. Not `existsSync`, which returns false on a disk error as well, so that a caller might
 * overwrite an existing file.
 * @throws NodeJS.ErrnoException when the system cannot determine it
 */
export function fileExists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A value that SQLite accepts or returns in the tables of a home. */
export type SqlValue = string | number | null;
/** The parameters of a statement, by position or by name. */
export type SqlParams = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

/** How long a statement waits for another process's write before it fails, in milliseconds. */
export const BUSY_WAIT_MS = 5_000;

/** The WAL is truncated after a checkpoint if it has grown beyond this size, in bytes. */
const MAX_WAL_BYTES = 4 * 1024 * 1024;

/** Opens or creates (mode 0600) a database for reading and writing, in WAL mode; each commit is synced to the disk. */
export function openToWrite(file: string, busyWaitMs: number): Libsql.Database {
  const connection = openPrivateFile(file);
  try {
    // busy_timeout comes first: switching to WAL takes a lock as well.
    connection.exec(`PRAGMA busy_timeout = ${busyWaitMs}`);
    switchToWal(connection, busyWaitMs);
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec('PRAGMA foreign_keys = ON');
    connection.exec(`PRAGMA journal_size_limit = ${MAX_WAL_BYTES}`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Retries, because SQLite ignores the busy timeout while another process switches to WAL at the same moment. */
function switchToWal(connection: Libsql.Database, busyWaitMs: number): void {
  const end = performance.now() + busyWaitMs;
  for (;;) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= end) throw error;
      sleepSync(20);
    }
  }
}

/** Opens a database that cannot be written: the disk is read-only, or the home belongs to another user. */
export function openToRead(file: string): Libsql.Database {
  try {
    const connection = openReadOnly(file);
    connection.exec('SELECT 1 FROM sqlite_schema');
    return connection;
  } catch {
    // WAL mode needs files beside the database, and they cannot be created.
    return openImmutable(file);
  }
}

/**
 * Opens a database for reading only, including the content of its WAL; the files stay unchanged. It does not use
 * libsql's option `readonly`, which has no effect (0.5.29): the last connection to close would checkpoint the WAL into
 * the database.
 */
export function openReadOnly(file: string): Libsql.Database {
  return openByUri(file, 'mode=ro');
}

/** Opens a database that no process writes. It needs and creates no file beside it, and ignores the WAL. */
export function openImmutable(file: string): Libsql.Database {
  return openByUri(file, 'immutable=1');
}

function openByUri(file: string, how: string): Libsql.Database {
  return new Sqlite(`file:${encodeURI(file).replaceAll('?', '%3f').replaceAll('#', '%23')}?${how}`);
}

/**
 * Whether the file and its folder can be written.
 * @throws NodeJS.ErrnoException when the system cannot determine it: a disk error is not a missing permission
 */
export function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return false;
    throw error;
  }
}

/** Rolls back a failed transaction. */
export function rollBack(connection: Libsql.Database): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // SQLite has already rolled back, for example on a full disk. The error before this one is the relevant one.
  }
}

/** Runs a statement that is used once, and returns its rows. */
export function query<T>(connection: Libsql.Database, sql: string, params: readonly unknown[] = []): T[] {
  return connection.prepare(sql).all(params) as T[];
}

/** Quotes a text as an SQL string. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
