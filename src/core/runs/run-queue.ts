import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE } from '../database/schema.ts';
import { serializeCallbacks } from '../model/callbacks.ts';
import type { CallbackFields } from '../model/definition.ts';
import { makeRunId } from '../model/ids.ts';
import { canonicalParams, type ParamValues } from '../model/params.ts';
import { type ACTIVE_STATUSES, type RunRecord, type Trigger, toJobStatus } from '../model/run-record.ts';
import type { ActiveRun } from '../schedule/overlap.ts';
import { type RunRow, toRunRecord } from './run-rows.ts';
import { stateFromRuns } from './state-from-runs.ts';

/** The data of a new run; instants in epoch milliseconds. */
export interface NewRun {
  jobId: string;
  configName: string;
  trigger: Trigger;
  /** The occurrence that it stands for; `null` for a run that was requested. */
  scheduledFor: number | null;
  timezone: string;
  status: 'queued' | 'skipped' | 'missed';
  reason?: string;
  maxAttempts: number;
  priority: number;
  overlap: string;
  /** The host that it will scrape, if known; `max_runs_per_host` counts by it. */
  host?: string | null;
  requestedBy: string;
  retryOf?: string;
  /** The tags that its worker must have, sorted and joined by commas; default '': any worker. */
  pool?: string;
  /** The earliest start, if later than now. */
  notBefore?: number;
  /** The callbacks of its job, as currently defined. */
  callbacks?: CallbackFields;
  /** Values of parameters for this run only. */
  givenParams?: ParamValues | null | undefined;
}

/**
 * Inserts a new run. Returns `undefined` when the occurrence already has a run. This guarantees that an occurrence
 * starts at most once, however many callers try (docs/contributing/adr/0002).
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
 * Inserts only the row, for callers that write the job's status themselves: a statement costs more than the rest of the
 * insert.
 * @returns its id; `undefined` when the occurrence already has a run
 */
export function insertRun(db: QuickscrapeDatabase, run: NewRun, now: number): string | undefined {
  const runId = makeRunId();
  const over = run.status !== 'queued';
  const { changes } = db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, retry_of, requested_by, scheduled_for, timezone,
       status, reason, max_attempts, priority, overlap, host, queued_at, not_before, finished_at, callbacks,
       pool, given_params)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
      run.pool ?? '',
      canonicalParams(run.givenParams),
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

/** A run with an active status. */
export type ActiveRunRecord = RunRecord & { status: (typeof ACTIVE_STATUSES)[number] };

/** Lists the active runs of a job, running and starting ones first. */
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

/**
 * {@link listActiveRuns} for several jobs, with the fields that the overlap rule needs; jobs without active runs are
 * left out.
 */
export function listActiveRunsByJob(
  db: QuickscrapeDatabase,
  jobIds: readonly string[],
): Map<string, ActiveRun[]> {
  // The `+` makes SQLite search by job, however many runs of other jobs are queued.
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

/** Lists the runs that occupy a slot. */
export function listRunning(db: QuickscrapeDatabase): RunRecord[] {
  return db
    .all<RunRow>(
      `SELECT * FROM runs WHERE ${IS_ACTIVE} AND status IN ('starting', 'running') ORDER BY started_at`,
    )
    .map(toRunRecord);
}

/** Lists the runs that wait for an instant in `(after, until]`, earliest first. */
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

/** Returns the next instant after `now` at which a waiting run becomes due, in epoch milliseconds. */
export function nextQueuedAfter(db: QuickscrapeDatabase, now: number): number | undefined {
  return (
    db.get<{ at: number | null }>(
      // Each minimum is the first entry of its status in the index, however many runs wait.
      `SELECT min(at) AS at FROM (
         SELECT min(not_before) AS at FROM runs WHERE ${IS_ACTIVE} AND status = 'queued' AND not_before > ?1
         UNION ALL
         SELECT min(not_before) FROM runs WHERE ${IS_ACTIVE} AND status = 'waiting_retry' AND not_before > ?1)`,
      [now],
    )?.at ?? undefined
  );
}

/**
 * Ends a queued occurrence that will not run. The job's status becomes what it was before.
 * @returns the run, or `undefined` when it was started or ended meanwhile
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

/** Copies a run's status to its job, if it is a status that a job can have. */
export function setJobStatus(db: QuickscrapeDatabase, jobId: string, status: RunRecord['status']): void {
  const own = toJobStatus(status);
  if (own === undefined) return;
  // A run that is queued, or was cancelled in the queue, must not change the job's status while another run of the job
  // continues.
  const jobStatus = deriveJobStatus(listActiveRuns(db, jobId)) ?? own;
  db.run(
    `INSERT INTO job_state (job_id, status) VALUES (?, ?) ON CONFLICT (job_id) DO UPDATE SET status = excluded.status`,
    [jobId, jobStatus],
  );
}

/**
 * Derives a job's status from its active runs: `running` if one of them runs or waits for a retry, whatever another
 * run's status is.
 */
export function deriveJobStatus(active: readonly Pick<RunRecord, 'status'>[]): 'running' | undefined {
  return active.some(({ status }) => status === 'running' || status === 'waiting_retry')
    ? 'running'
    : undefined;
}
