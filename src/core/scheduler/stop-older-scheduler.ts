import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { openToWrite, query } from '../database/connection.ts';
import { otherScheduler } from '../database/migrate.ts';
import { MIGRATIONS } from '../database/schema.ts';
import { withSqlErrors } from '../database/sql-errors.ts';
import { isAlive } from '../process/identity.ts';

const BUSY_TIMEOUT_MS = 5_000;

export interface StopOlderOptions {
  /** Cancel running runs in place of waiting for them. */
  force: boolean;
  /** Aborted when nobody waits any more; the scheduler still stops. */
  signal: AbortSignal;
  /** Called with its pid and version when it has been asked. */
  onRequested: (pid: number, version: string) => void;
}

/**
 * Asks the scheduler of an older version to stop, and waits until it has. Its database is not brought to this version,
 * which would be refused while it runs; where to ask a scheduler stands in the same place since the first one.
 * @returns false when no such scheduler works with the database
 * @throws QuickscrapeError `store_unavailable`
 */
export async function stopSchedulerOfOlderVersion(file: string, options: StopOlderOptions): Promise<boolean> {
  if (!existsSync(file)) return false;
  const older = withSqlErrors(file, () => {
    const connection = openToWrite(file, BUSY_TIMEOUT_MS);
    try {
      const [version] = query<{ user_version: number }>(connection, 'PRAGMA user_version');
      const schema = version?.user_version ?? 0;
      // With tables of our own version any scheduler is asked in the ordinary way.
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
