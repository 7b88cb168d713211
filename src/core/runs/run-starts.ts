import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE } from '../database/schema.ts';
import { serializeCallbacks } from '../model/callbacks.ts';
import type { CallbackFields } from '../model/definition.ts';
import type { RunProcess, RunRecord } from '../model/run-record.ts';
import { readRun, setJobStatus } from './run-queue.ts';

/**
 * A voided start is not an attempt. This many in a row count as a failed attempt, because something is wrong with the
 * machine.
 */
const MAX_VOID_STARTS = 3;

/** In the column `worker`: the start was handed over to other machines, and no worker has claimed it. */
export const HANDED_OVER = '';

/**
 * Marks a run as starting under `token`; returns false when another process was first.
 * @param deadline until when a process of this machine may claim it; for a start that is handed over to other machines,
 *   which stays valid until it is claimed or taken back: now, or `null`
 */
export function markStarting(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  deadline: number | null,
  worker: typeof HANDED_OVER | null = null,
): boolean {
  // The process of an earlier attempt would make a start that was handed over look like one of this machine.
  const forget = worker === null ? '' : ', pid = NULL, pid_start = NULL, boot_id = NULL, home = NULL';
  return (
    db.run(
      `UPDATE runs SET status = 'starting', start_token = ?, start_deadline = ?, worker = ?${forget}
       WHERE run_id = ? AND status IN ('queued', 'waiting_retry') AND cancel_requested_at IS NULL`,
      [token, deadline, worker, runId],
    ).changes === 1
  );
}

/**
 * Revokes a start that no process claimed. Its token becomes invalid, so a slow process that wakes up later cannot
 * claim the run, and a new start is safe. The run is `queued` again. After {@link MAX_VOID_STARTS} in a row it becomes
 * `running` instead, as a failed attempt whose result the caller must record. A start that was handed over to other
 * machines is not revoked: it may wait there for any length of time.
 * @returns the run, or `undefined` when the process was faster
 */
export function voidStart(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  now: number,
): RunRecord | undefined {
  return db.transaction(() => {
    const run = readRun(db, runId);
    if (run?.status !== 'starting' || run.startToken !== token) return undefined;
    if (run.worker !== null) return undefined;
    if (run.voidStarts + 1 < MAX_VOID_STARTS) {
      db.run(
        `UPDATE runs SET status = 'queued', void_starts = void_starts + 1, start_token = NULL, start_deadline = NULL,
           not_before = ? WHERE run_id = ?`,
        [now + 1_000, runId],
      );
    } else {
      db.run(
        `UPDATE runs SET status = 'running', void_starts = 0, attempt = attempt + 1, start_deadline = NULL, pid = NULL,
           started_at = coalesce(started_at, ?) WHERE run_id = ?`,
        [now, runId],
      );
      db.run(`INSERT INTO attempts (run_id, attempt, status, started_at) VALUES (?, ?, 'running', ?)`, [
        runId,
        run.attempt + 1,
        now,
      ]);
    }
    return readRun(db, runId);
  });
}

/**
 * Takes back a start that was handed over to other machines. Its token becomes invalid, so no worker can claim it any
 * more. It does not count as a failed start: that no worker was free is no fault.
 * @param notBefore the earliest next start, in epoch milliseconds; omitted: the run keeps its place in the queue
 * @returns the run, `queued` again, or `undefined` when a worker has claimed it or it has ended
 */
export function takeBackStart(
  db: QuickscrapeDatabase,
  token: string,
  notBefore?: number,
): RunRecord | undefined {
  return db.transaction(() => {
    const found = db.get<{ runId: string }>(
      `SELECT run_id AS runId FROM runs
       WHERE ${IS_ACTIVE} AND status = 'starting' AND start_token = ? AND worker = ?`,
      [token, HANDED_OVER],
    );
    if (!found) return undefined;
    db.run(
      `UPDATE runs SET status = 'queued', worker = NULL, start_token = NULL, start_deadline = NULL,
         not_before = coalesce(?, not_before) WHERE run_id = ?`,
      [notBefore ?? null, found.runId],
    );
    return readRun(db, found.runId);
  });
}

/** Whether a start was revoked, or its attempt has ended and no callback of the run is due or running. */
export function isStartOver(
  db: QuickscrapeDatabase,
  { runId, token }: { runId: string; token: string },
): boolean {
  return (
    db.get(
      `SELECT 1 FROM runs WHERE run_id = ? AND (start_token IS NOT ? OR status NOT IN ('starting', 'running'))
         AND callback IS NOT 'due' AND callback IS NOT 'running'`,
      [runId, token],
    ) !== undefined
  );
}

/**
 * Claims a run for its process with one conditional update, which fails if the start was revoked or given to another
 * process. Counts an attempt. On return, the journal of starts contains the run, so the start stays recorded whatever
 * happens to the database.
 * @param timeoutMs the attempt's time limit
 * @param callbacks the run's callbacks; omit it when the job cannot be read, then the recorded ones stay
 * @returns the run, now `running`, or `undefined` when the token is no longer valid
 * @throws QuickscrapeError `store_unavailable`, for example when the journal cannot be written: the run is `starting`
 *   again
 */
export function claimStart(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  who: RunProcess,
  now: number,
  timeoutMs: number,
  callbacks?: CallbackFields,
): RunRecord | undefined {
  return claim(db, runId, token, { process: who, worker: null }, now, timeoutMs, callbacks);
}

/**
 * {@link claimStart} for a worker on another machine, whose start was handed over. Within a transaction, the caller has
 * to call `db.journal.sync()` after it, before it lets the worker begin, and {@link revertClaim} when that fails.
 * @param worker its name
 */
export function claimRemoteStart(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  worker: string,
  now: number,
  timeoutMs: number,
  callbacks?: CallbackFields,
): RunRecord | undefined {
  return claim(db, runId, token, { process: null, worker }, now, timeoutMs, callbacks);
}

function claim(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  who: Pick<RunRecord, 'process' | 'worker'>,
  now: number,
  timeoutMs: number,
  callbacks: CallbackFields | undefined,
): RunRecord | undefined {
  const before = readRun(db, runId);
  const claimed = db.transaction(() => {
    const { changes } = db.run(
      `UPDATE runs SET status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, ?), pid = ?,
         pid_start = ?, boot_id = ?, home = ?, worker = ?, deadline = ?, start_deadline = NULL, void_starts = 0,
         items = 0, pages = 0, bytes = 0, total_pages = NULL, error_kind = NULL, error_message = NULL, checks = '[]',
         changes = NULL, callbacks = coalesce(?, callbacks)
       WHERE run_id = ? AND status = 'starting' AND start_token = ? AND worker IS ?`,
      [
        now,
        ...processColumns(who.process),
        who.worker,
        now + timeoutMs,
        callbacks ? serializeCallbacks(callbacks) : null,
        runId,
        token,
        who.worker === null ? null : HANDED_OVER,
      ],
    );
    const run = changes === 1 ? readRun(db, runId) : undefined;
    if (!run) return undefined;
    db.run(
      `INSERT INTO attempts (run_id, attempt, status, pid, started_at, worker) VALUES (?, ?, 'running', ?, ?, ?)`,
      [runId, run.attempt, who.process?.pid ?? null, now, who.worker],
    );
    setJobStatus(db, run.jobId, 'running');
    db.run('UPDATE job_state SET last_run = ?, last_run_id = ? WHERE job_id = ?', [
      run.startedAt,
      runId,
      run.jobId,
    ]);
    db.journal.note(runId);
    return run;
  });
  try {
    db.journal.sync();
  } catch (error) {
    if (claimed && before) revertClaim(db, before, claimed);
    throw error;
  }
  return claimed;
}

/**
 * Reverts a claim whose attempt has done nothing yet. The start is valid as it was before: the starter voids it when
 * the process ends, a worker on another machine claims it again.
 * @param before the run as it was before the claim
 */
export function revertClaim(
  db: QuickscrapeDatabase,
  before: RunRecord,
  { runId, jobId, attempt }: RunRecord,
): void {
  db.transaction(() => {
    const { changes } = db.run(
      `UPDATE runs SET status = 'starting', attempt = ?, void_starts = ?, started_at = ?, pid = NULL, pid_start = NULL,
         boot_id = NULL, home = NULL, worker = ?, deadline = NULL, start_deadline = ?
       WHERE run_id = ? AND status = 'running' AND attempt = ?`,
      [
        before.attempt,
        before.voidStarts,
        before.startedAt,
        before.worker,
        before.startDeadline,
        runId,
        attempt,
      ],
    );
    if (changes !== 1) return;
    db.run('DELETE FROM attempts WHERE run_id = ? AND attempt = ?', [runId, attempt]);
    setJobStatus(db, jobId, 'starting');
  });
}

/**
 * Claims a run that a worker on another machine has executed, for the process at home that finishes it, with one
 * conditional update. It is the same attempt.
 * @param options.dead the process that had claimed it and that the caller found dead; omitted: no process has claimed it
 * @param options.deadline when the finishing is overdue, in epoch milliseconds; omitted: as before
 * @returns the run, or `undefined` when the attempt has ended or another process was first
 */
export function claimFinish(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  who: RunProcess,
  options: { dead?: RunProcess; deadline?: number } = {},
): RunRecord | undefined {
  const [pid, start, bootId] = processColumns(options.dead ?? null);
  return db.transaction(() => {
    const { changes } = db.run(
      `UPDATE runs SET pid = ?, pid_start = ?, boot_id = ?, home = ?, deadline = coalesce(?, deadline)
       WHERE run_id = ? AND status = 'running' AND start_token = ? AND worker IS NOT NULL
         AND pid IS ? AND pid_start IS ? AND boot_id IS ?`,
      [...processColumns(who), options.deadline ?? null, runId, token, pid, start, bootId],
    );
    return changes === 1 ? readRun(db, runId) : undefined;
  });
}

/** The columns `pid`, `pid_start`, `boot_id` and `home`. */
function processColumns(
  process: RunProcess | null,
): [pid: number | null, start: string | null, bootId: string | null, home: string | null] {
  return [
    process?.pid ?? null,
    process?.start ?? null,
    process?.bootId ?? null,
    process === null ? null : (process.home ?? null),
  ];
}
