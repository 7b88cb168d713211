import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { refuseLink } from '../fs/refuse-link.ts';
import { sleepSync } from '../process/sleep-sync.ts';
import { isBusy } from './sql-errors.ts';

/**
 * Opens a database file of ours to write, making it when it is not there: mode 0600 under any umask, and so is what
 * SQLite puts beside it (`-wal`, `-shm`, `-journal`), which takes its mode from the file as it is then.
 * @throws QuickscrapeError `not_allowed` for a symbolic link; what libsql and the system throw
 */
export function openPrivateFile(file: string): Libsql.Database {
  makePrivateFile(file);
  const connection = new Libsql(file);
  try {
    if ((statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Makes an empty file, mode 0600, for SQLite to fill; leaves one that is there. */
export function makePrivateFile(file: string): void {
  refuseLink(file);
  let fd: number;
  try {
    // Nobody in this process can have a lock on it yet, which closing it would drop (POSIX).
    fd = openSync(file, 'wx', 0o600);
  } catch {
    // It is there, or cannot be made: then SQLite says why.
    return;
  }
  try {
    // The mode given to open() is cut by the umask.
    fchmodSync(fd, 0o600);
  } finally {
    closeSync(fd);
  }
}

/**
 * Whether a file is there. Not `existsSync`, which says no to a disk's error as well: whoever believes it may overwrite
 * what is there.
 * @throws what the system says when it cannot tell
 */
export function fileExists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A value that SQLite takes or gives in our tables. */
export type SqlValue = string | number | null;
/** What fills the places of a statement: in order, or by name. */
export type SqlParams = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

/** How long a statement waits for another process's write before it fails, in milliseconds. */
export const BUSY_WAIT_MS = 5_000;

/** A WAL that has grown beyond this is cut back once it has been brought into the database, in bytes. */
const MAX_WAL_BYTES = 4 * 1024 * 1024;

/** Opens a database (and makes it, mode 0600) to read and write: WAL, and every commit on the disk. */
export function openToWrite(file: string, busyWaitMs: number): Libsql.Database {
  const connection = openPrivateFile(file);
  try {
    // busy_timeout first: switching to WAL takes a lock as well.
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

/** SQLite does not wait for another process that does the same at this moment, whatever its busy timeout. */
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

/** Opens a database that cannot be written: a read-only disk, or somebody else's home. */
export function openToRead(file: string): Libsql.Database {
  try {
    const connection = openReadOnly(file);
    connection.exec('SELECT 1 FROM sqlite_schema');
    return connection;
  } catch {
    // WAL needs files beside the database that cannot be made.
    return openImmutable(file);
  }
}

/**
 * Opens a database only to read, with what its WAL holds; what stands in the files stays as it is. Not by libsql's
 * option `readonly`, which does nothing (0.5.29): the last to close a database would bring its WAL into it.
 */
export function openReadOnly(file: string): Libsql.Database {
  return openByUri(file, 'mode=ro');
}

/** Opens a database that nobody writes: no file beside it is needed or made, and what its WAL holds is not seen. */
export function openImmutable(file: string): Libsql.Database {
  return openByUri(file, 'immutable=1');
}

function openByUri(file: string, how: string): Libsql.Database {
  return new Libsql(`file:${encodeURI(file).replaceAll('?', '%3f').replaceAll('#', '%23')}?${how}`);
}

/**
 * Whether the file and its folder may be written.
 * @throws what the system says when it cannot tell: a disk's error is no permission
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

/** Ends a transaction that failed. */
export function rollBack(connection: Libsql.Database): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // A full disk and the like have rolled it back already: what counts is the error before this one.
  }
}

/** The rows of a statement that is used once. */
export function query<T>(connection: Libsql.Database, sql: string, params: readonly unknown[] = []): T[] {
  return connection.prepare(sql).all(params) as T[];
}

/**
 * Brings a file or folder to the disk. Never one that SQLite holds open in this process: closing it again would drop
 * SQLite's locks (POSIX).
 */
export function syncToDisk(path: string): void {
  // Windows cannot open a folder, and needs no such sync.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A name as SQL text. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
