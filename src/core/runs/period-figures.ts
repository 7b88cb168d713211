import type { QuickscrapeDatabase } from '../database/database.ts';
import { describeErrorKind } from '../model/describe-error-kind.ts';
import { type RunDifferences, readDifferences } from '../model/differences.ts';
import type { Outcome } from '../model/run-record.ts';
import type { Period } from './runs-in-period.ts';

/** A period that is divided into equal steps. */
export interface SteppedPeriod extends Period {
  /** The length of a step, ms. */
  step: number;
  steps: number;
}

/** The finished runs of one job that began in one step of a period. */
export interface StepFigures {
  /** The number of the step, from 0. */
  step: number;
  succeeded: number;
  /** Failed, timed out or abandoned. */
  failed: number;
  cancelled: number;
  skipped: number;
  missed: number;
  /** Items of the runs that succeeded. */
  items: number;
  /** Milliseconds of all runs that started. */
  durationMs: number;
}

const DUE_AT = 'coalesce(scheduled_for, queued_at)';
/** A search by job reads the runs of each job in turn, so that grouping them by job needs no sorting. */
const WITHIN = 'job_id IN (SELECT value FROM json_each(:ids)) AND queued_at >= :from AND queued_at < :until';

const COUNTED: Readonly<Record<Outcome, 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'missed'>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'failed',
  abandoned: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  missed: 'missed',
};

/**
 * Reads the figures of jobs, by job, in the order of the steps; a step without a finished run has none. SQLite returns
 * the runs of each job as one text: grouping by steps as well would sort all of them, which takes three times as long.
 * @throws QuickscrapeError `store_unavailable`
 */
export function readStepFigures(
  db: QuickscrapeDatabase,
  { from, until, step, steps }: SteppedPeriod,
  jobIds: readonly string[],
): Map<string, StepFigures[]> {
  const rows = db.all<{ id: string; runs: string }>(
    `SELECT job_id AS id, group_concat(CAST((coalesce(started_at, ${DUE_AT}) - :from) / :step AS INTEGER) || ' ' || status
       || ' ' || items || ' ' || coalesce(max(0, finished_at - started_at), ''), char(10)) AS runs
     FROM runs WHERE ${WITHIN} AND finished_at IS NOT NULL GROUP BY job_id`,
    { ids: JSON.stringify(jobIds), from, until, step },
  );
  return new Map(rows.map(({ id, runs }) => [id, addUp(runs, steps)]));
}

function addUp(runs: string, steps: number): StepFigures[] {
  const figures: (StepFigures | undefined)[] = [];
  for (const line of runs.split('\n')) {
    const [at, status = '', items, durationMs] = line.split(' ');
    const counted = COUNTED[status as Outcome];
    if (counted === undefined) continue;
    // An occurrence that is decided later may lie before the period.
    const step = Math.min(steps - 1, Math.max(0, Number(at)));
    const sums = figures[step] ?? emptyFigures(step);
    figures[step] = sums;
    sums[counted] += 1;
    if (counted === 'succeeded') sums.items += Number(items);
    sums.durationMs += Number(durationMs);
  }
  return figures.filter((one) => one !== undefined);
}

function emptyFigures(step: number): StepFigures {
  return { step, succeeded: 0, failed: 0, cancelled: 0, skipped: 0, missed: 0, items: 0, durationMs: 0 };
}

/** The last run of a job that was executed and is finished; instants in epoch milliseconds. */
export interface LastExecuted {
  jobId: string;
  runId: string;
  status: Exclude<Outcome, 'skipped' | 'missed'>;
  /** When it began. */
  at: number;
  /** `null` when it was cancelled before it started. */
  durationMs: number | null;
  items: number;
  errorKind: string | null;
  errorMessage: string | null;
}

/** Reads the last executed run of each job that has one, whenever that was. @throws QuickscrapeError `store_unavailable` */
export function readLastExecuted(
  db: QuickscrapeDatabase,
  jobIds: readonly string[],
): Map<string, LastExecuted> {
  const rows = db.all<LastExecuted>(
    `SELECT job_id AS jobId, run_id AS runId, status, coalesce(started_at, queued_at) AS at,
       max(0, finished_at - started_at) AS durationMs, items, error_kind AS errorKind, error_message AS errorMessage
     FROM json_each(?) AS job JOIN runs ON runs.rowid = (
       SELECT rowid FROM runs WHERE job_id = job.value
         AND status IN ('succeeded', 'failed', 'timed_out', 'abandoned', 'cancelled')
       ORDER BY queued_at DESC, ${DUE_AT} DESC, run_id DESC LIMIT 1)`,
    [JSON.stringify(jobIds)],
  );
  return new Map(rows.map((row) => [row.jobId, row]));
}

/** Since when a job fails: its last success and the first failure after it, epoch milliseconds; `null` if unknown. */
export interface FailingSince {
  jobId: string;
  lastSuccess: number | null;
  firstFailure: number | null;
}

/** Reads since when jobs fail. @throws QuickscrapeError `store_unavailable` */
export function readFailingSince(
  db: QuickscrapeDatabase,
  jobIds: readonly string[],
): Map<string, FailingSince> {
  const rows = db.all<FailingSince>(
    `WITH good AS (
       SELECT value AS job_id, (SELECT max(queued_at) FROM runs WHERE job_id = value AND status = 'succeeded') AS at
       FROM json_each(?))
     SELECT job_id AS jobId, at AS lastSuccess, (
       SELECT min(queued_at) FROM runs WHERE runs.job_id = good.job_id AND queued_at > coalesce(good.at, -1)
         AND status IN ('failed', 'timed_out', 'abandoned')) AS firstFailure
     FROM good`,
    [JSON.stringify(jobIds)],
  );
  return new Map(rows.map((row) => [row.jobId, row]));
}

/** Why the last failed run of each of these jobs failed; a job without one has none. @throws QuickscrapeError `store_unavailable` */
export function readLastErrors(db: QuickscrapeDatabase, jobIds: readonly string[]): Map<string, string> {
  const rows = db.all<{ jobId: string; message: string | null; kind: string }>(
    `SELECT job_id AS jobId, error_message AS message, coalesce(error_kind, status) AS kind
     FROM json_each(?) AS job JOIN runs ON runs.rowid = (
       SELECT rowid FROM runs WHERE job_id = job.value AND status IN ('failed', 'timed_out', 'abandoned')
       ORDER BY queued_at DESC, run_id DESC LIMIT 1)`,
    [JSON.stringify(jobIds)],
  );
  return new Map(rows.map(({ jobId, message, kind }) => [jobId, message || describeErrorKind(kind)]));
}

/** The occurrences of a job that did not start, for one status; instants in epoch milliseconds. */
export interface UnstartedFigures {
  jobId: string;
  status: 'skipped' | 'missed';
  count: number;
  /** When the last one was due. */
  last: number;
  /** Why the last one did not start. */
  reason: string | null;
}

/** Reads the occurrences of jobs that did not start in a period. @throws QuickscrapeError `store_unavailable` */
export function readUnstarted(
  db: QuickscrapeDatabase,
  { from, until }: Period,
  jobIds: readonly string[],
): UnstartedFigures[] {
  // With a single max(), SQLite takes the reason from the row that has it (sqlite.org/lang_select.html#bareagg).
  return db.all<UnstartedFigures>(
    `SELECT job_id AS jobId, status, count(*) AS count, max(${DUE_AT}) AS last, reason
     FROM runs WHERE ${WITHIN} AND status IN ('skipped', 'missed') GROUP BY job_id, status`,
    { ids: JSON.stringify(jobIds), from, until },
  );
}

/** The runs of a job in a period whose items differ from those of the good run before. */
export interface ChangeFigures {
  jobId: string;
  /** How many there are. */
  runs: number;
  /** The newest of them, when it was queued, and its differences. */
  runId: string;
  at: number;
  differences: RunDifferences;
}

/** As `differencesOutput` is stored; within a text of JSON its quotes would be escaped. */
const SAME = '"added":0,"removed":0,"changed":0,';

/** Reads the changes of jobs in a period. @throws QuickscrapeError `store_unavailable` */
export function readChanges(
  db: QuickscrapeDatabase,
  { from, until }: Period,
  jobIds: readonly string[],
): ChangeFigures[] {
  const rows = db.all<{ jobId: string; runs: number; runId: string; at: number; changes: string }>(
    `SELECT job_id AS jobId, count(*) AS runs, run_id AS runId, max(queued_at) AS at, changes
     FROM runs WHERE ${WITHIN} AND status = 'succeeded' AND instr(changes, :same) = 0 GROUP BY job_id`,
    { ids: JSON.stringify(jobIds), from, until, same: SAME },
  );
  return rows.flatMap(({ changes, ...row }) => {
    const differences = readDifferences(changes);
    return differences === null ? [] : [{ ...row, differences }];
  });
}
