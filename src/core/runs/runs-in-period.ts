import type { QuickscrapeDatabase } from '../database/database.ts';
import { DAY_MS } from '../lib/clock.ts';
import { type RunStatus, type StoredStatus, type Trigger, toRunStatus } from '../model/run-record.ts';

/** The fields of a run that a timeline shows; instants in epoch milliseconds. */
export interface TimelineRun {
  runId: string;
  jobId: string;
  status: RunStatus;
  trigger: Trigger;
  /** When it started; for a run that did not start, when it was due. */
  begin: number;
  /** When it ended; `begin` for a run that did not start, `null` while it is active. */
  end: number | null;
  items: number;
}

/** A period `[from, until)` in epoch milliseconds. */
export interface Period {
  from: number;
  until: number;
}

/** The most runs that are returned: no user inspects more one by one. */
const MAX_RUNS = 50_000;

/**
 * The longest possible attempt (`timeout`). Runs that were queued longer than this before the period are not searched.
 */
const MAX_RUN_MS = 31 * DAY_MS;

const BEGIN = 'coalesce(started_at, scheduled_for, queued_at)';

interface TimelineRow {
  run_id: string;
  job_id: string;
  status: string;
  trigger: string;
  started_at: number | null;
  finished_at: number | null;
  begins: number;
  items: number;
}

/** The runs of some jobs that overlap a period, by job, ordered by their begin. */
export function runsInPeriod(
  db: QuickscrapeDatabase,
  { from, until }: Period,
  jobIds: readonly string[],
): TimelineRun[] {
  const rows = db.all<TimelineRow>(
    `SELECT run_id, job_id, status, trigger, started_at, finished_at, items, ${BEGIN} AS begins FROM runs
     WHERE job_id IN (SELECT value FROM json_each(?)) AND queued_at >= ? AND ${BEGIN} < ?
       AND (${BEGIN} >= ? OR (started_at IS NOT NULL AND coalesce(finished_at, ?) >= ?))
     ORDER BY job_id, begins, run_id LIMIT ${MAX_RUNS}`,
    [JSON.stringify(jobIds), from - MAX_RUN_MS, until, from, from, from],
  );
  return rows.map((row) => ({
    runId: row.run_id,
    jobId: row.job_id,
    status: toRunStatus(row.status as StoredStatus),
    trigger: row.trigger as Trigger,
    begin: row.begins,
    end: row.started_at === null && row.status !== 'queued' ? row.begins : row.finished_at,
    items: row.items,
  }));
}

/**
 * The maximum number of concurrent runs, of all jobs, in each step of a period. A step is `step` ms long; steps after
 * `now` count 0. A run does not count between its attempts.
 */
export function maxConcurrentRuns(
  db: QuickscrapeDatabase,
  { from, until }: Period,
  { step, now }: { step: number; now: number },
): Uint32Array {
  const steps = new Uint32Array(Math.ceil((until - from) / step));
  const rows = db.all<{ step: number; first: number; max: number; change: number }>(
    `WITH spans AS (
       SELECT started_at AS begins, max(started_at + 1, coalesce(finished_at, :now + 1)) AS ends FROM attempts
       WHERE started_at < :until AND coalesce(finished_at, :now + 1) >= :from),
     moments AS (
       SELECT max(begins, :from) AS at, 1 AS change FROM spans WHERE ends > :from
       UNION ALL
       SELECT ends, -1 FROM spans WHERE ends > :from AND ends < :until),
     changes AS (SELECT at, sum(change) AS change FROM moments GROUP BY at),
     levels AS (
       SELECT CAST((at - :from) / :step AS INTEGER) AS step, at, change, sum(change) OVER (ORDER BY at) AS level
       FROM changes)
     SELECT step, min(at) AS first, max(level) AS max, sum(change) AS change FROM levels GROUP BY step ORDER BY step`,
    { from, until, step, now },
  );
  let level = 0;
  let next = 0;
  for (const row of rows) {
    steps.fill(level, next, row.step);
    const before = row.first > from + row.step * step ? level : 0;
    steps[row.step] = Math.max(before, row.max);
    level += row.change;
    next = row.step + 1;
  }
  // The step that contains `now` is the last one that counts runs.
  const untilNow = Math.floor((now - from) / step) + 1;
  return steps.fill(level, next, Math.min(steps.length, Math.max(next, untilNow)));
}
