import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE } from '../database/schema.ts';

/**
 * Follows a jump of the wall clock. Time limits of what is under way mean elapsed time, so they move with it. What
 * waits for its turn or for a retry must not wait longer because the clock was set back; when it went forward, or the
 * machine slept, what has become due may start.
 */
export function adjustDeadlines(db: QuickscrapeDatabase, byMs: number): void {
  db.transaction(() => {
    db.run(
      `UPDATE runs SET deadline = deadline + ?, start_deadline = start_deadline + ?
       WHERE ${IS_ACTIVE} AND status IN ('starting', 'running')`,
      [byMs, byMs],
    );
    if (byMs > 0) return;
    db.run(
      `UPDATE runs SET not_before = not_before + ? WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry')`,
      [byMs],
    );
  });
}

/** Runs that say they were put into the queue later than this from now were put there by a clock that was wrong. */
const MAX_CLOCK_AHEAD_MS = 60_000;

/**
 * Lets runs start that a clock which was ahead has put into the queue for a time that is far off, unseen by a
 * scheduler: they would keep their jobs from running until then. Returns how many.
 */
export function advanceFutureRuns(db: QuickscrapeDatabase, now: number): number {
  return db.run(
    `UPDATE runs SET not_before = ?
     WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry') AND not_before > ?
       AND max(queued_at, coalesce((SELECT max(finished_at) FROM attempts WHERE run_id = runs.run_id), 0)) > ?`,
    [now, now, now + MAX_CLOCK_AHEAD_MS],
  ).changes;
}
