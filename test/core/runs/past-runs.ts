import type { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { openTempDatabase } from '../../temp-database.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

export interface Attempt {
  begin: number;
  /** `null` while it goes on. */
  end: number | null;
}

/** Far enough from 1970 that what was queued long before the period can be told from it. */
export const T = Date.UTC(2026, 10, 25);

export const emptyDatabase = () => openTempDatabase(tempFolderInMemory());

/** Inserts a run with its attempts; without attempts it has not started. */
export function addRun(
  db: QuickscrapeDatabase,
  runId: string,
  run: { jobId?: string; status: string; due?: number | null; queued?: number; attempts?: Attempt[] },
): void {
  const { attempts = [], due = null } = run;
  const begin = attempts[0]?.begin ?? null;
  const end = attempts.at(-1)?.end ?? null;
  const queued = run.queued ?? begin ?? due ?? T;
  db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, scheduled_for, timezone, status, max_attempts,
       queued_at, not_before, started_at, finished_at)
     VALUES (?, ?, 'books', 'schedule', 'scheduler', ?, 'UTC', ?, 1, ?, ?, ?, ?)`,
    [runId, run.jobId ?? 'a', due, run.status, queued, queued, begin, end],
  );
  for (const [index, attempt] of attempts.entries()) {
    db.run(`INSERT INTO attempts (run_id, attempt, status, started_at, finished_at) VALUES (?, ?, ?, ?, ?)`, [
      runId,
      index + 1,
      attempt.end === null ? 'running' : 'failed',
      attempt.begin,
      attempt.end,
    ]);
  }
}
