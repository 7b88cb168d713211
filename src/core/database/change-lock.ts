import { dirname, join } from 'node:path';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { openPrivateFile } from './private-file.ts';
import { isBusy } from './sql-errors.ts';

/** A migration or a rescue of a large database takes its time, in milliseconds. */
const MAX_WAIT_MS = 60_000;

/**
 * Does `work` while no other process migrates or rescues this database: a transaction on a file of its own, which the
 * operating system ends with the process. Blocks: nothing can be done before the database is there.
 * @throws QuickscrapeError `store_unavailable` when another process takes longer than a minute
 */
export function withChangeLock<T>(database: string, work: () => T, maxWaitMs = MAX_WAIT_MS): T {
  const file = join(dirname(database), 'locks', 'database.db');
  makePrivateFolder(dirname(file));
  const connection = openPrivateFile(file);
  try {
    connection.exec(`PRAGMA busy_timeout = ${maxWaitMs}`);
    connection.exec('BEGIN IMMEDIATE');
    return work();
  } catch (error) {
    if (!isBusy(error) || error instanceof QuickscrapeError) throw error;
    throw new QuickscrapeError('store_unavailable', `another process is still changing ${database}`, {
      hint: 'Try again in a moment; if it stays so, look for a hanging quickscrape process.',
      cause: error,
    });
  } finally {
    connection.close();
  }
}
