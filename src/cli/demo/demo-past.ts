import type { QuickscrapeDatabase } from '../../core/database/database.ts';
import { DAY_MS } from '../../core/lib/clock.ts';
import type { Outcome, RunError } from '../../core/model/run-record.ts';
import { insertRun } from '../../core/runs/run-queue.ts';
import { stateFromRuns } from '../../core/runs/state-from-runs.ts';
import { JobSchedule } from '../../core/schedule/job-schedule.ts';
import type { ScheduleDict } from '../../core/schedule/rule.ts';

/** An invented run, for the demo and for the pictures of the documentation. */
interface PastRun {
  /** Default: a generated id. */
  runId?: string;
  /** When it was due and began, in epoch ms. */
  at: number;
  /** 0 for skipped and missed runs. */
  durationMs: number;
  status: Outcome;
  items: number;
  pages: number;
  error?: RunError | undefined;
}

/**
 * Writes a finished run into the history, as if its schedule had started it. The job's state does not change.
 * @returns its id; `undefined` when the occurrence has a run already
 */
export function recordPastRun(
  db: QuickscrapeDatabase,
  job: { id: string; configName: string; timezone: string },
  { at, durationMs, status, items, pages, error, ...rest }: PastRun,
): string | undefined {
  const end = at + durationMs;
  const started = status === 'skipped' || status === 'missed' ? null : at;
  const problem = [error?.kind ?? null, error?.message ?? null];
  return db.transaction(() => {
    const runId = insertRun(
      db,
      {
        jobId: job.id,
        configName: job.configName,
        trigger: 'schedule',
        scheduledFor: at,
        status: 'queued',
        timezone: job.timezone,
        maxAttempts: 1,
        priority: 0,
        overlap: 'skip',
        requestedBy: 'scheduler',
        ...rest,
      },
      at,
    );
    if (runId === undefined) return undefined;
    db.run(
      `UPDATE runs SET status = ?, items = ?, pages = ?, bytes = ?, started_at = ?, finished_at = ?, attempt = 1,
         error_kind = ?, error_message = ? WHERE run_id = ?`,
      [
        status,
        items,
        pages,
        BYTES_PER_PAGE * pages + BYTES_PER_ITEM * items,
        started,
        end,
        ...problem,
        runId,
      ],
    );
    if (started === null) return runId;
    db.run(
      `INSERT INTO attempts (run_id, attempt, status, started_at, finished_at, items, pages, error_kind, error_message)
         VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)`,
      [runId, status, at, end, items, pages, ...problem],
    );
    return runId;
  });
}

/**
 * Sets a job's state from its runs, for a job that was created after them.
 * @param isPaused its failures in a row have paused it
 */
export function setJobStateFromRuns(db: QuickscrapeDatabase, jobId: string, isPaused = false): void {
  const past = stateFromRuns(db, jobId);
  if (past === undefined) return;
  const { status, last_run, last_run_id, failures } = past;
  const pause = isPaused ? [failures, last_run, failures] : [0, null, null];
  db.run(
    `UPDATE job_state SET status = ?, last_run = ?, last_run_id = ?, failures = ?, strikes = ?, paused_at = ?,
       paused_after = ? WHERE job_id = ?`,
    [status, last_run, last_run_id, failures, ...pause, jobId],
  );
}

/** An invented past, of at most thirty days. */
export interface Past {
  /** The number of runs, at most. */
  runs: number;
  /** Of a usual run. */
  durationMs: number;
  pages: number;
  /** The items that the first run found less than the last one; the others lie between. */
  growth?: number;
  /** How many of the newest runs that succeeded have their items: the first books of the shop. */
  keptItems?: number;
  /** The runs that did not succeed, counted from the newest, which is 0. */
  failures?: readonly PastFailure[];
  /** The failures have paused the job. */
  isPaused?: true;
}

interface PastFailure {
  runs: readonly number[];
  status: Exclude<Outcome, 'succeeded'>;
  error?: RunError;
  /** Of how much longer or shorter the run was; default: it failed at once. */
  durationMs?: number;
}

const ITEMS_PER_PAGE = 20;
/** About as large as the pages of the shop. */
const BYTES_PER_PAGE = 300;
const BYTES_PER_ITEM = 120;
const FAILED_AT_ONCE_MS = 400;

/** The invented runs of a schedule until `now`, the oldest first. */
export function pastRuns(past: Past, schedule: ScheduleDict, now: number): PastRun[] {
  const times = JobSchedule.fromDict(schedule)
    .getNextRunTimes(2_000, new Date(now - 30 * DAY_MS))
    .map(Number)
    .filter((at) => at < now - past.durationMs)
    .slice(-past.runs);
  return times.map((at, index) => {
    const failure = past.failures?.find(({ runs }) => runs.includes(times.length - 1 - index));
    return failure === undefined
      ? succeeded(past, at, { index, count: times.length })
      : {
          at,
          durationMs: durationOf(failure),
          status: failure.status,
          items: 0,
          pages: 0,
          error: failure.error,
        };
  });
}

function succeeded(past: Past, at: number, { index, count }: { index: number; count: number }): PastRun {
  const { durationMs, pages, growth = 0 } = past;
  // Varied, as real durations and shops are.
  const missing =
    Math.round((growth * (count - 1 - index)) / Math.max(1, count)) + (growth > 0 ? (index * 3) % 4 : 0);
  return {
    at,
    durationMs: Math.round(durationMs * (1 + ((index * 7) % 5) * 0.03 + (index % 11 === 3 ? 0.4 : 0))),
    status: 'succeeded',
    items: Math.max(1, ITEMS_PER_PAGE * pages - missing),
    pages,
  };
}

function durationOf({ status, durationMs = FAILED_AT_ONCE_MS }: PastFailure): number {
  return status === 'skipped' || status === 'missed' ? 0 : durationMs;
}
