import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE } from '../database/schema.ts';
import { makeRunId } from '../model/run-id.ts';
import {
  type ACTIVE_STATUSES,
  type CallbackFields,
  type RunRecord,
  type Trigger,
  toJobStatus,
} from '../model/run-record.ts';
import { serializeCallbacks } from '../model/select-callbacks.ts';
import type { ActiveRun } from '../schedule/overlap.ts';
import { type RunRow, toRunRecord } from './run-rows.ts';
import { stateFromRuns } from './state-from-runs.ts';

/** Everything that is known of a run when it comes into being; instants in epoch milliseconds. */
export interface NewRun {
  /** Its id, when a process has been prepared for it; default: a new one. */
  runId?: string | undefined;
  jobId: string;
  configName: string;
  trigger: Trigger;
  /** The occurrence that it stands for; `null` for one asked for by somebody. */
  scheduledFor: number | null;
  timezone: string;
  status: 'queued' | 'skipped' | 'missed';
  reason?: string;
  maxAttempts: number;
  priority: number;
  overlap: string;
  /** The host that it is going to scrape, as far as that is known: `max_runs_per_host` counts by it. */
  host?: string | null;
  requestedBy: string;
  retryOf?: string;
  /** When it may start, if later than now. */
  notBefore?: number;
  /** What its end may call, as its job says now. */
  callbacks?: CallbackFields;
}

/** A voided start is no attempt; this many in a row count as a failed one: something is wrong with the machine. */
const MAX_VOID_STARTS = 3;

/**
 * Writes a new run. `undefined` when the occurrence has a run already: that is what makes an occurrence start at
 * most once, whoever asks and however often.
 */
export function enqueueRun(db: QuickscrapeDatabase, run: NewRun, now: number): RunRecord | undefined {
  return db.transaction(() => {
    const runId = insertRun(db, run, now);
    if (runId === undefined) return undefined;
    if (run.status === 'queued') setJobStatus(db, run.jobId, 'queued');
    return readRun(db, runId);
  });
}

/**
 * The row alone, for who writes the job's status itself: a statement costs more than all else about a run.
 * @returns its id; `undefined` when the occurrence has a run already
 */
export function insertRun(db: QuickscrapeDatabase, run: NewRun, now: number): string | undefined {
  const runId = run.runId ?? makeRunId();
  const over = run.status !== 'queued';
  const { changes } = db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, retry_of, requested_by, scheduled_for, timezone,
       status, reason, max_attempts, priority, overlap, host, queued_at, not_before, finished_at, callbacks)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (job_id, scheduled_for) DO NOTHING`,
    [
      runId,
      run.jobId,
      run.configName,
      run.trigger,
      run.retryOf ?? null,
      run.requestedBy,
      run.scheduledFor,
      run.timezone,
      run.status,
      run.reason ?? null,
      over ? 0 : run.maxAttempts,
      run.priority,
      run.overlap,
      run.host ?? null,
      now,
      run.notBefore ?? now,
      over ? now : null,
      run.callbacks && !over ? serializeCallbacks(run.callbacks) : null,
    ],
  );
  if (changes === 0) return undefined;
  db.journal.mark();
  return runId;
}

export function readRun(db: QuickscrapeDatabase, runId: string): RunRecord | undefined {
  const row = db.get<RunRow>('SELECT * FROM runs WHERE run_id = ?', [runId]);
  return row && toRunRecord(row);
}

/** A run whose status says that it is not over. */
export type ActiveRunRecord = RunRecord & { status: (typeof ACTIVE_STATUSES)[number] };

/** The runs of a job that are not over yet, those under way first. */
export function listActiveRuns(db: QuickscrapeDatabase, jobId: string): ActiveRunRecord[] {
  return db
    .all<RunRow>(
      `SELECT * FROM runs WHERE job_id = ? AND status IN ('queued', 'starting', 'running', 'waiting_retry')
       ORDER BY status = 'running' DESC, status = 'starting' DESC, queued_at`,
      [jobId],
    )
    .map((row) => toRunRecord(row) as ActiveRunRecord);
}

/** The first of {@link listActiveRuns}. */
export function findActiveRun(db: QuickscrapeDatabase, jobId: string): RunRecord | undefined {
  return listActiveRuns(db, jobId)[0];
}

/** {@link listActiveRuns} of several jobs, as far as their overlap is concerned; jobs without any are left out. */
export function listActiveRunsByJob(
  db: QuickscrapeDatabase,
  jobIds: readonly string[],
): Map<string, ActiveRun[]> {
  // By the jobs, however many runs of others are in the queue: that is what the + is for.
  const found = db.all<ActiveRun & { jobId: string }>(
    `SELECT job_id AS jobId, run_id AS runId, status FROM json_each(?) CROSS JOIN runs ON job_id = json_each.value
     WHERE +status IN ('queued', 'starting', 'running', 'waiting_retry')
     ORDER BY status = 'running' DESC, status = 'starting' DESC, queued_at`,
    [JSON.stringify(jobIds)],
  );
  const of = new Map<string, ActiveRun[]>();
  for (const { jobId, ...run } of found) of.set(jobId, [...(of.get(jobId) ?? []), run]);
  return of;
}

/** The runs that use a slot. */
export function listRunning(db: QuickscrapeDatabase): RunRecord[] {
  return db
    .all<RunRow>(
      `SELECT * FROM runs WHERE ${IS_ACTIVE} AND status IN ('starting', 'running') ORDER BY started_at`,
    )
    .map(toRunRecord);
}

/** The runs that wait for an instant after `after` and up to `until`, first come first. */
export function queuedBetween(
  db: QuickscrapeDatabase,
  after: number,
  until: number,
  limit: number,
): RunRecord[] {
  return db
    .all<RunRow>(
      `SELECT * FROM runs
       WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry') AND not_before > ? AND not_before <= ?
       ORDER BY not_before, priority DESC LIMIT ?`,
      [after, until, limit],
    )
    .map(toRunRecord);
}

/** The next instant after `now` at which a waiting run becomes due, epoch milliseconds. */
export function nextQueuedAfter(db: QuickscrapeDatabase, now: number): number | undefined {
  return (
    db.get<{ at: number | null }>(
      // The first of each status stands first in the index, however many wait.
      `SELECT min(at) AS at FROM (
         SELECT min(not_before) AS at FROM runs WHERE ${IS_ACTIVE} AND status = 'queued' AND not_before > ?1
         UNION ALL
         SELECT min(not_before) FROM runs WHERE ${IS_ACTIVE} AND status = 'waiting_retry' AND not_before > ?1)`,
      [now],
    )?.at ?? undefined
  );
}

/**
 * Ends an occurrence that has waited in the queue and is not carried out after all; its job's status is again what it was
 * before.
 * @returns the run, or `undefined` when it has been started or ended meanwhile
 */
export function skipQueuedRun(
  db: QuickscrapeDatabase,
  runId: string,
  { status, reason }: { status: 'skipped' | 'missed'; reason: string },
  now: number,
): RunRecord | undefined {
  return db.transaction(() => {
    const { changes } = db.run(
      `UPDATE runs SET status = ?, reason = ?, max_attempts = 0, finished_at = ?
       WHERE run_id = ? AND status = 'queued' AND attempt = 0`,
      [status, reason, now, runId],
    );
    const run = changes === 1 ? readRun(db, runId) : undefined;
    if (run && findActiveRun(db, run.jobId) === undefined)
      db.run('UPDATE job_state SET status = ? WHERE job_id = ?', [
        stateFromRuns(db, run.jobId)?.status ?? 'pending',
        run.jobId,
      ]);
    return run;
  });
}

/** Marks a run as being started under `token` until `deadline`; false when somebody else was first. */
export function markStarting(
  db: QuickscrapeDatabase,
  runId: string,
  token: string,
  deadline: number,
): boolean {
  return (
    db.run(
      `UPDATE runs SET status = 'starting', start_token = ?, start_deadline = ?
       WHERE run_id = ? AND status IN ('queued', 'waiting_retry') AND cancel_requested_at IS NULL`,
      [token, deadline, runId],
    ).changes === 1
  );
}

/**
 * Takes back a start that nobody claimed. From then on its token is worthless, so a slow process that wakes up later
 * cannot carry the run: it is safe to start it again.
 * @returns `undefined` when the process was faster; the run, `queued` again, or `running` as a failed attempt that
 *   only has to be recorded when too many starts in a row have come to nothing
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

/** Copies a run's status to its job, where it stands for one. */
export function setJobStatus(db: QuickscrapeDatabase, jobId: string, status: RunRecord['status']): void {
  const own = toJobStatus(status);
  if (own === undefined) return;
  // One that waits in the queue, or was called off there, says nothing new of a job whose other run goes on.
  const jobStatus = deriveJobStatus(listActiveRuns(db, jobId)) ?? own;
  db.run(
    `INSERT INTO job_state (job_id, status) VALUES (?, ?) ON CONFLICT (job_id) DO UPDATE SET status = excluded.status`,
    [jobId, jobStatus],
  );
}

/** The status of a job whose runs that are not over are these, whatever is said of another one. */
export function deriveJobStatus(active: readonly Pick<RunRecord, 'status'>[]): 'running' | undefined {
  return active.some(({ status }) => status === 'running' || status === 'waiting_retry')
    ? 'running'
    : undefined;
}
