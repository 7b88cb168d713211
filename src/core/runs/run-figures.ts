import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE } from '../database/schema.ts';
import type { Outcome } from '../model/run-record.ts';

/**
 * The kept runs of one job that ended in the same way, and the newest of them that had started; instants in epoch
 * milliseconds.
 */
export interface OutcomeFigures {
  readonly jobId: string;
  readonly outcome: Outcome;
  /** How many there are. */
  readonly runs: number;
  /** 0 when none had started. */
  readonly finishedAt: number;
  /** `null` when none had started. */
  readonly startedAt: number | null;
  /** `null` for a run that the schedule did not ask for. */
  readonly scheduledFor: number | null;
  readonly items: number;
}

/**
 * Reads the figures of all jobs and outcomes in one pass over the history.
 * @throws QuickscrapeError `store_unavailable`
 */
export function readOutcomeFigures(db: QuickscrapeDatabase): OutcomeFigures[] {
  // With a single max(), SQLite takes the other columns from the row that has it (sqlite.org/lang_select.html#bareagg).
  return db.all<OutcomeFigures>(
    `SELECT job_id AS jobId, status AS outcome, count(*) AS runs, max(iif(started_at IS NULL, 0, finished_at)) AS finishedAt,
       started_at AS startedAt, scheduled_for AS scheduledFor, items
     FROM runs WHERE finished_at IS NOT NULL AND NOT (${IS_ACTIVE}) GROUP BY job_id, status`,
  );
}

/** Since when the run that waits longest could have started, in epoch milliseconds; `null` when none is due. */
export function readLongestWait(db: QuickscrapeDatabase, now: number): number | null {
  const found = db.get<{ since: number | null }>(
    `SELECT min(not_before) AS since FROM runs
     WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry') AND not_before <= ?`,
    [now],
  );
  return found?.since ?? null;
}
