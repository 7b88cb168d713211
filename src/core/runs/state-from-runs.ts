import type { QuickscrapeDatabase } from '../database/database.ts';
import type { Actor } from '../model/definition.ts';
import type { JobStatus } from '../model/job-record.ts';
import { type StoredStatus, toJobStatus } from '../model/run-record.ts';

interface StartedRun {
  run_id: string;
  status: StoredStatus;
  started_at: number | null;
}

/** Derives a job's state from its saved runs, as if the job had existed all the time; `undefined` when it never ran. */
export function stateFromRuns(db: QuickscrapeDatabase, jobId: string): RuntimeRow | undefined {
  const runs = db.all<StartedRun>(
    `SELECT run_id, status, started_at FROM runs WHERE job_id = ? AND status NOT IN ('skipped', 'missed')
     ORDER BY finished_at IS NULL DESC, finished_at DESC, queued_at DESC, run_id DESC`,
    [jobId],
  );
  const status = runs[0] && toJobStatus(runs[0].status);
  if (!status) return undefined;
  // A run that was cancelled in the queue never started, so the last run is the one before.
  const started = runs.reduce<StartedRun | undefined>(
    (last, run) => ((run.started_at ?? -1) > (last?.started_at ?? -1) ? run : last),
    undefined,
  );
  return {
    status,
    last_run: started?.started_at ?? null,
    last_run_id: started?.run_id ?? null,
    failures: countFailures(runs.map((run) => run.status)),
    // Restoring a job means that it should run, so its failures in a row start at zero.
    strikes: 0,
    paused_at: null,
    paused_after: null,
    callback_failed_at: null,
    callback_failure: null,
  };
}

/** @param statuses newest first; a cancelled run neither ends a streak of failures nor counts in it */
function countFailures(statuses: readonly StoredStatus[]): number {
  const over = statuses.filter((status) =>
    ['succeeded', 'failed', 'timed_out', 'abandoned'].includes(status),
  );
  const success = over.indexOf('succeeded');
  return success < 0 ? over.length : success;
}

/**
 * A row of `job_state`: what the database stores about a job in addition to its file. Instants are epoch milliseconds.
 */
export interface JobStateRow {
  job_id: string;
  revision: number;
  /** Empty when a run was recorded before the job's definition was. */
  definition_hash: string;
  schedule_hash: string;
  updated_at: number | null;
  updated_by: Actor | null;
  watermark: number;
  status: JobStatus;
  last_run: number | null;
  last_run_id: string | null;
  failures: number;
  /** Failed runs in a row since the job last succeeded or was resumed; `pause_after_failures` limits this. */
  strikes: number;
  paused_at: number | null;
  /** The value of `pause_after_failures` when the job was paused. */
  paused_after: number | null;
  /** When a callback command last failed; `null` once a later one succeeded. */
  callback_failed_at: number | null;
  callback_failure: string | null;
}

/** The columns that runs write. */
export type RuntimeRow = Pick<
  JobStateRow,
  | 'status'
  | 'last_run'
  | 'last_run_id'
  | 'failures'
  | 'strikes'
  | 'paused_at'
  | 'paused_after'
  | 'callback_failed_at'
  | 'callback_failure'
>;
