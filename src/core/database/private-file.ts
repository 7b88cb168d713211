import { chmodSync, closeSync, fchmodSync, openSync, statSync } from 'node:fs';
import Libsql from 'libsql';
import { refuseLink } from '../fs/refuse-link.ts';

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
