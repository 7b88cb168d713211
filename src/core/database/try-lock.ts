import type Libsql from 'libsql';

/**
 * Takes the operating system's lock on a lock file, for as long as the transaction lasts; false when another process
 * has it. The connection's `busy_timeout` says how long to wait for it, blocking.
 *
 * Not `BEGIN EXCLUSIVE`, which SQLite refuses while anybody so much as looks, and everybody who tries does: an immediate
 * transaction excludes its like just as well.
 * @throws what libsql throws when the file cannot be used
 */
export function tryLock(connection: Libsql.Database): boolean {
  try {
    connection.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}
