import type { QuickscrapeDatabase } from '../database/database.ts';
import { insertMessages, type NewMessage } from '../messages/message-store.ts';
import { canonicalParams, type ParamValues } from '../model/params.ts';
import type { RunEnd } from '../model/run-events.ts';
import {
  type AttemptResult,
  type RunError,
  type RunRecord,
  statusAfterAttempt,
} from '../model/run-record.ts';
import { pausedSince, type Streak, streakAfter } from '../model/streak.ts';
import type { ProcessIdentity } from '../process/identity.ts';
import { readRun, setJobStatus } from './run-queue.ts';

const WHERE: Readonly<Partial<Record<string, string>>> = {
  tui: 'in the dashboard',
  cli: 'by a command',
  mcp: 'by an agent',
  rpc: 'by a program over JSON-RPC',
  library: 'by a program',
};

/** The canceller, as words that follow "cancelled"; `by` is the value in the run's row. */
export function describeCanceller(by: string | null): string {
  return by === null ? 'by an unknown caller' : (WHERE[by] ?? `by ${by}`);
}

/** The counters of a running attempt. */
interface RunCounts {
  items: number;
  pages: number;
  bytes: number;
  totalPages: number | null;
}

/** Records which host a run really scrapes, once its configuration was read in full. */
export function recordHost(db: QuickscrapeDatabase, runId: string, token: string, host: string | null): void {
  db.run('UPDATE runs SET host = ? WHERE run_id = ? AND start_token = ? AND host IS NOT ?', [
    host,
    runId,
    token,
    host,
  ]);
}

/** Records the values of a run's parameters, unless an earlier attempt has. */
export function recordParams(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  params: ParamValues,
): void {
  db.run(`UPDATE runs SET params = coalesce(params, ?) WHERE run_id = ? AND start_token = ?`, [
    canonicalParams(params),
    runId,
    token,
  ]);
}

/** Records a run's progress; ignored when the run has continued without this attempt. */
export function recordProgress(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  counts: RunCounts,
): void {
  db.run(
    `UPDATE runs SET items = ?, pages = ?, bytes = ?, total_pages = ?
     WHERE run_id = ? AND start_token = ? AND status = 'running'`,
    [counts.items, counts.pages, counts.bytes, counts.totalPages, runId, token],
  );
}

/** Moves the attempt's deadline (epoch ms); ignored when the run has continued without this attempt. */
export function moveDeadline(db: QuickscrapeDatabase, runId: string, token: string, deadline: number): void {
  db.run(`UPDATE runs SET deadline = ? WHERE run_id = ? AND start_token = ? AND status = 'running'`, [
    Math.round(deadline),
    runId,
    token,
  ]);
}

/** What the job's definition prescribes when one of its attempts ends. */
export interface AttemptFollowUp {
  /** When a retry would be due, in epoch milliseconds; `null` for no retry, even if attempts are left. */
  retryAt: number | null;
  /** The job's `pause_after_failures`; `null` or omitted while its file cannot be read. */
  pauseAfter?: number | null;
  /** Whether this outcome requires a callback command. */
  wantsCallback(status: RunRecord['status'], failuresBefore: number): boolean;
  /** The messages about this outcome; they are written with it. The run is as it was until now. */
  messages?(end: RunEnd, run: RunRecord): readonly NewMessage[];
}

/**
 * Ends the active attempt, and the run too unless a retry follows. Only the first caller succeeds: the worker
 * itself, or the process that found it dead.
 * @returns the updated run, or `undefined` when that attempt had already ended
 */
export function finishAttempt(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  result: AttemptResult,
  now: number,
  after: AttemptFollowUp,
): RunRecord | undefined {
  return db.transaction(() => {
    const run = readRun(db, runId);
    if (run?.status !== 'running' || run.startToken !== token) return undefined;
    const attempts = after.retryAt === null || result.isFinal === true ? run.attempt : run.maxAttempts;
    const status = statusAfterAttempt({ ...run, maxAttempts: attempts }, result.outcome);
    const error = status === 'cancelled' ? cancelledError(run.cancelRequestedBy, result.note) : result.error;
    const over = status !== 'waiting_retry';
    const streak = readStreak(db, run.jobId);
    endAttempt(db, run, status === 'cancelled' ? 'cancelled' : result.outcome, error, now);
    db.run(
      `UPDATE runs SET status = ?, finished_at = ?, not_before = ?, deadline = NULL, error_kind = ?,
         error_message = ?, output_path = coalesce(?, output_path), output_format = coalesce(?, output_format),
         checks = ?, changes = ?, failures_before = ?, callback = ? WHERE run_id = ?`,
      [
        status,
        over ? now : null,
        over ? run.notBefore : after.retryAt,
        error?.kind ?? null,
        error?.message ?? null,
        result.outputPath ?? null,
        result.outputFormat ?? null,
        JSON.stringify(result.checks ?? []),
        result.changes ? JSON.stringify(result.changes) : null,
        over ? streak.failures : null,
        over && after.wantsCallback(status, streak.failures) ? 'due' : null,
        runId,
      ],
    );
    setJobStatus(db, run.jobId, status);
    const pauseAfter = after.pauseAfter ?? null;
    const next = streakAfter(streak, status, pauseAfter, now);
    writeStreak(db, run.jobId, next);
    if (over) {
      const wasPaused = pauseAfter !== null && pausedSince(streak, pauseAfter) !== null;
      const end = {
        status,
        failuresBefore: streak.failures,
        changes: result.changes ?? null,
        pauses: next.pausedAt !== null && !wasPaused,
      };
      insertMessages(db, after.messages?.(end, run) ?? [], now);
    }
    // Occurrences that were due during the pause do not count as missed, even if no scheduler was running to skip them.
    if (status === 'succeeded' && streak.pausedAt !== null)
      db.run('UPDATE job_state SET watermark = max(watermark, ?) WHERE job_id = ?', [now, run.jobId]);
    db.journal.note(runId);
    return readRun(db, runId);
  });
}

function endAttempt(
  db: QuickscrapeDatabase,
  run: RunRecord,
  outcome: AttemptResult['outcome'],
  error: RunError | null,
  now: number,
): void {
  db.run(
    `UPDATE attempts SET status = ?, finished_at = ?, items = ?, pages = ?, bytes = ?, error_kind = ?,
       error_message = ? WHERE run_id = ? AND attempt = ?`,
    [
      outcome,
      now,
      run.items,
      run.pages,
      run.bytes,
      error?.kind ?? null,
      error?.message ?? null,
      run.runId,
      run.attempt,
    ],
  );
}

function cancelledError(by: string | null, note?: string): RunError {
  return {
    kind: 'cancelled',
    message: `cancelled ${describeCanceller(by)}${note === undefined ? '' : `; ${note}`}`,
  };
}

/** Claims a run's due callback; returns true for exactly one caller, whose process then owns the callback. */
export function claimCallback(db: QuickscrapeDatabase, runId: string, who: ProcessIdentity): boolean {
  return (
    db.run(
      `UPDATE runs SET callback = 'running', pid = ?, pid_start = ?, boot_id = ?, home = NULL WHERE run_id = ? AND callback = 'due'`,
      [who.pid, who.start, who.bootId, runId],
    ).changes === 1
  );
}

/** How a callback ended: `lost` when its process died during it. */
export interface CallbackEnd {
  how: 'done' | 'lost';
  /** Why a command failed; `null` when all succeeded, omitted when none ran. */
  failure?: string | null;
}

/**
 * Records how a callback ended, so that it is not repeated. A failure stays on the job until a later callback of it
 * succeeds.
 */
export function endCallback(
  db: QuickscrapeDatabase,
  runId: string,
  { how, failure }: CallbackEnd,
  now: number,
): void {
  db.transaction(() => {
    const { changes } = db.run(`UPDATE runs SET callback = ? WHERE run_id = ? AND callback = 'running'`, [
      how,
      runId,
    ]);
    if (changes === 0 || failure === undefined) return;
    db.run(
      `UPDATE job_state SET callback_failed_at = ?, callback_failure = ?
       WHERE job_id = (SELECT job_id FROM runs WHERE run_id = ?)`,
      [failure === null ? null : Math.floor(now), failure, runId],
    );
  });
}

/** Cancels a run's callback, pending or running; returns false when there is none (any more). */
export function cancelCallback(db: QuickscrapeDatabase, runId: string): boolean {
  return (
    db.run(`UPDATE runs SET callback = 'cancelled' WHERE run_id = ? AND callback IN ('due', 'running')`, [
      runId,
    ]).changes === 1
  );
}

/**
 * Requests cancellation of a run. A waiting or starting run ends at once. For a running one, the request is stored in
 * its row, so that any later end counts as the cancellation.
 */
export function requestCancel(
  db: QuickscrapeDatabase,
  runId: string,
  by: string,
  now: number,
): RunRecord | undefined {
  const error = cancelledError(by);
  return db.transaction(() => {
    db.run(
      `UPDATE runs SET cancel_requested_at = coalesce(cancel_requested_at, ?), cancel_requested_by = ?
       WHERE run_id = ? AND status IN ('queued', 'starting', 'running', 'waiting_retry')`,
      [now, by, runId],
    );
    const { changes } = db.run(
      `UPDATE runs SET status = 'cancelled', finished_at = ?, start_token = NULL, error_kind = ?, error_message = ?
       WHERE run_id = ? AND status IN ('queued', 'starting', 'waiting_retry')`,
      [now, error.kind, error.message, runId],
    );
    const run = readRun(db, runId);
    if (changes === 1 && run) setJobStatus(db, run.jobId, 'cancelled');
    if (run) db.journal.note(runId);
    return run;
  });
}

const NO_STREAK: Streak = { failures: 0, strikes: 0, pausedAt: null, pausedAfter: null };

function readStreak(db: QuickscrapeDatabase, jobId: string): Streak {
  const [row = NO_STREAK] = db.all<Streak>(
    `SELECT failures, strikes, paused_at AS pausedAt, paused_after AS pausedAfter FROM job_state WHERE job_id = ?`,
    [jobId],
  );
  return row;
}

function writeStreak(db: QuickscrapeDatabase, jobId: string, streak: Streak): void {
  db.run('UPDATE job_state SET failures = ?, strikes = ?, paused_at = ?, paused_after = ? WHERE job_id = ?', [
    streak.failures,
    streak.strikes,
    streak.pausedAt,
    streak.pausedAfter,
    jobId,
  ]);
}
