import type { QuickscrapeDatabase } from '../../core/database/database.ts';
import type { Outcome, RunError } from '../../core/model/run-record.ts';
import { insertRun } from '../../core/runs/run-queue.ts';
import { stateFromRuns } from '../../core/runs/state-from-runs.ts';

/** A made-up run: for the demo, and for the pictures of the documentation. */
export interface PastRun {
  /** Default: an id like any other. */
  runId?: string;
  /** When it was due and began, in epoch ms. */
  at: number;
  /** 0 when it did not run: skipped or missed. */
  durationMs: number;
  status: Outcome;
  items: number;
  pages: number;
  error?: RunError | undefined;
}

/** Writes a run that has ended into the history, as its schedule would have started it. Its job's state stays as it is. */
export function recordPastRun(
  db: QuickscrapeDatabase,
  job: { id: string; configName: string; timezone: string },
  { at, durationMs, status, items, pages, error, ...rest }: PastRun,
): void {
  const end = at + durationMs;
  const started = status === 'skipped' || status === 'missed' ? null : at;
  const problem = [error?.kind ?? null, error?.message ?? null];
  db.transaction(() => {
    const runId = insertRun(
      db,
      {
        ...{
          jobId: job.id,
          configName: job.configName,
          trigger: 'schedule',
          scheduledFor: at,
          status: 'queued',
        },
        ...{ timezone: job.timezone, maxAttempts: 1, priority: 0, overlap: 'skip', requestedBy: 'scheduler' },
        ...rest,
      },
      at,
    );
    if (runId === undefined) return;
    db.run(
      `UPDATE runs SET status = ?, items = ?, pages = ?, started_at = ?, finished_at = ?, attempt = 1,
         error_kind = ?, error_message = ? WHERE run_id = ?`,
      [status, items, pages, started, end, ...problem, runId],
    );
    if (started === null) return;
    db.run(
      `INSERT INTO attempts (run_id, attempt, status, started_at, finished_at, items, pages, error_kind, error_message)
         VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)`,
      [runId, status, at, end, items, pages, ...problem],
    );
  });
}

/** Lets a job that was made after its runs were recorded say of them what it would have said of its own. */
export function setJobStateFromRuns(db: QuickscrapeDatabase, jobId: string): void {
  const past = stateFromRuns(db, jobId);
  if (past === undefined) return;
  db.run('UPDATE job_state SET status = ?, last_run = ?, last_run_id = ? WHERE job_id = ?', [
    ...[past.status, past.last_run, past.last_run_id],
    jobId,
  ]);
}
