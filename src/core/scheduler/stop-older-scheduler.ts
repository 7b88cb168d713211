import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { openToWrite, query } from '../database/connection.ts';
import { otherScheduler } from '../database/migrate.ts';
import { MIGRATIONS } from '../database/schema.ts';
import { withSqlErrors } from '../database/sql-errors.ts';
import { isAlive } from '../process/identity.ts';

const BUSY_TIMEOUT_MS = 5_000;

export interface StopOlderOptions {
  /** Cancel active runs instead of waiting for them. */
  force: boolean;
  /** Aborting it ends the wait; the scheduler still stops. */
  signal: AbortSignal;
  /** Called with the scheduler's pid and version once the stop was requested. */
  onRequested: (pid: number, version: string) => void;
}

/**
 * Asks the scheduler of an older version to stop, and waits until it has stopped. Does not migrate its database,
 * because a migration is refused while that scheduler runs. The stop request uses columns that every schema version has
 * in the same place.
 * @returns false when no such scheduler uses the database
 * @throws QuickscrapeError `store_unavailable`
 */
export async function stopSchedulerOfOlderVersion(file: string, options: StopOlderOptions): Promise<boolean> {
  if (!existsSync(file)) return false;
  const older = withSqlErrors(file, () => {
    const connection = openToWrite(file, BUSY_TIMEOUT_MS);
    try {
      const [version] = query<{ user_version: number }>(connection, 'PRAGMA user_version');
      const schema = version?.user_version ?? 0;
      // With the current schema, any scheduler is stopped in the ordinary way.
      const other = schema > 0 && schema < MIGRATIONS.length ? otherScheduler(file, connection) : undefined;
      if (other) {
        const mode = options.force ? 'force' : 'graceful';
        connection
          .prepare('UPDATE scheduler SET stop_requested = ? WHERE id = 1 AND pid = ?')
          .run([mode, other.process.pid]);
      }
      return other;
    } finally {
      connection.close();
    }
  });
  if (!older) return false;
  options.onRequested(older.process.pid, older.version);
  while (isAlive(older.process) && !options.signal.aborted) await delay(50);
  return true;
}
