import { statSync } from 'node:fs';
import Libsql from 'libsql';
import { rollBack } from './connection.ts';
import { tryLock } from './try-lock.ts';

/**
 * Whether a process holds the lock `locks/scheduler.db`; `undefined` when it cannot be told. Only who takes it can tell:
 * whoever reads sees nothing of it. It is given back at once, which a scheduler that starts just then waits out. Never to
 * be asked by the process that holds it, whose lock the closing would drop (POSIX).
 */
export function isLeaseLocked(file: string): boolean | undefined {
  let connection: Libsql.Database | undefined;
  try {
    statSync(file);
    connection = new Libsql(file);
    connection.exec('PRAGMA busy_timeout = 0');
    const locked = !tryLock(connection);
    if (!locked) rollBack(connection);
    return locked;
  } catch {
    return undefined;
  } finally {
    connection?.close();
  }
}
