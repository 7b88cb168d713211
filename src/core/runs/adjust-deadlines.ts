import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE } from '../database/schema.ts';

/**
 * Adjusts active runs after the wall clock jumped. The deadlines of starting and running runs mean elapsed time, so
 * they move by the same amount. When the clock was set back, queued runs and waiting retries move back too, so that
 * they do not wait longer. When the clock went forward or the machine slept, waiting runs keep their instants: those
 * that became due may start.
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

/** A run that was queued later than this from now was queued while the clock was wrong. */
const MAX_CLOCK_AHEAD_MS = 60_000;

/**
 * Makes runs due now that a clock which was ahead queued for a distant time, when no scheduler saw the jump. Without
 * this, they would block their jobs until then.
 * @returns how many runs were moved
 */
export function advanceFutureRuns(db: QuickscrapeDatabase, now: number): number {
  return db.run(
    `UPDATE runs SET not_before = ?
     WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry') AND not_before > ?
       AND max(queued_at, coalesce((SELECT max(finished_at) FROM attempts WHERE run_id = runs.run_id), 0)) > ?`,
    [now, now, now + MAX_CLOCK_AHEAD_MS],
  ).changes;
}
