import type { MigrateOptions } from './migrate.ts';

/** How `quickscrape.db` is opened. */
export interface DatabaseOptions extends Pick<MigrateOptions, 'migrations'> {
  /** How long a statement waits for another process's write before it fails, in milliseconds. */
  busyWaitMs?: number;
  /** Epoch milliseconds, for the names of backups and of damaged files. */
  now?: () => number;
}
