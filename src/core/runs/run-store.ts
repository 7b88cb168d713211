import type { SqlValue } from '../database/connection.ts';
import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE } from '../database/schema.ts';
import { invalidCursor } from '../model/input-errors.ts';
import { canonicalParams } from '../model/params.ts';
import type { AttemptRecord, RunRecord, RunStatus } from '../model/run-record.ts';
import { ambiguousRunId, runNotFound } from './run-errors.ts';
import { readRun } from './run-queue.ts';
import { type AttemptRow, type RunRow, toAttemptRecord, toRunRecord } from './run-rows.ts';

export interface RunFilter {
  jobId?: string | undefined;
  status?: RunStatus | undefined;
  /** Only runs queued at or after this instant, epoch milliseconds. */
  since?: number | undefined;
  /** At most this many, newest first; default 20. */
  limit?: number | undefined;
  /** The `nextCursor` of an earlier call. */
  cursor?: string | undefined;
}

export interface RunPage {
  runs: RunRecord[];
  /** The number of matching runs on all pages. */
  total: number;
  nextCursor: string | undefined;
}

/** The newest rows of `runs` and `attempts`. */
export interface NewestRows {
  run: number;
  attempt: number;
}

/** The number of waiting runs, and the sum of their `notBefore` instants, each modulo {@link SUM_MODULUS}. */
export interface WaitingSums {
  count: number;
  notBefore: number;
}

/** Full instants would exceed exact integers after a few thousand runs; with this modulus, two million still fit. */
export const SUM_MODULUS = 2 ** 32;

/** Occurrences that are decided together have the same `queued_at`. */
const DUE_AT = 'coalesce(scheduled_for, queued_at)';

/** Read access to the run history and the queue. */
export class RunStore {
  readonly #db: QuickscrapeDatabase;

  constructor(db: QuickscrapeDatabase) {
    this.#db = db;
  }

  get(runId: string): RunRecord | undefined {
    return readRun(this.#db, runId);
  }

  /**
   * Finds a run by its id or a unique prefix of it.
   * @throws QuickscrapeError `run_not_found`; `conflict` when several ids begin with the prefix
   */
  find(idOrPrefix: string): RunRecord {
    const exact = this.get(idOrPrefix);
    if (exact) return exact;
    const rows = this.#db.all<RunRow>(
      'SELECT * FROM runs WHERE substr(run_id, 1, ?) = ? ORDER BY queued_at DESC LIMIT 5',
      [idOrPrefix.length, idOrPrefix],
    );
    const [only, second] = rows.map(toRunRecord);
    if (idOrPrefix === '' || !only) {
      throw runNotFound(idOrPrefix);
    }
    if (second) {
      throw ambiguousRunId(
        idOrPrefix,
        rows.map((row) => row.run_id),
      );
    }
    return only;
  }

  /** Lists runs, newest first. */
  list(filter: RunFilter = {}): RunPage {
    const { where, params } = conditions(filter);
    const limit = filter.limit ?? 20;
    const total =
      this.#db.get<{ n: number }>(`SELECT count(*) AS n FROM runs WHERE ${where}`, params)?.n ?? 0;
    const after = filter.cursor === undefined ? undefined : readCursor(filter.cursor);
    const rows = this.#db.all<RunRow>(
      `SELECT * FROM runs WHERE ${where} ${after ? `AND (queued_at, ${DUE_AT}, run_id) < (?, ?, ?)` : ''}
       ORDER BY queued_at DESC, ${DUE_AT} DESC, run_id DESC LIMIT ?`,
      [...params, ...(after ?? []), limit + 1],
    );
    const page = rows.slice(0, limit).map(toRunRecord);
    const last = page.at(-1);
    return {
      runs: page,
      total,
      nextCursor: rows.length > limit && last ? runCursor(last) : undefined,
    };
  }

  /** The first page of {@link list} for a job, without counting the rest. */
  newestForJob(jobId: string, limit: number): RunRecord[] {
    return this.#db
      .all<RunRow>(
        `SELECT * FROM runs WHERE job_id = ? ORDER BY queued_at DESC, ${DUE_AT} DESC, run_id DESC LIMIT ?`,
        [jobId, limit],
      )
      .map(toRunRecord);
  }

  /** The newest finished run of each other job on a host, queued between two instants; at most `limit`. */
  newestOnHost(
    host: string,
    jobId: string,
    { since, until, limit }: { since: number; until: number; limit: number },
  ): RunRecord[] {
    const newest = new Map<string, RunRecord>();
    const rows = this.#db.all<RunRow>(
      `SELECT * FROM runs WHERE host = ? AND job_id <> ? AND queued_at BETWEEN ? AND ?
         AND status IN ('succeeded', 'failed', 'timed_out', 'abandoned')
       ORDER BY queued_at DESC, run_id DESC LIMIT ?`,
      [host, jobId, since, until, limit],
    );
    for (const run of rows.map(toRunRecord)) if (!newest.has(run.jobId)) newest.set(run.jobId, run);
    return [...newest.values()];
  }

  /** The newest run of a job that was not a skipped or missed occurrence; `undefined` when there is none. */
  latest(jobId: string): RunRecord | undefined {
    const row = this.#db.get<RunRow>(
      `SELECT * FROM runs WHERE job_id = ? AND status NOT IN ('skipped', 'missed')
       ORDER BY queued_at DESC, ${DUE_AT} DESC, run_id DESC LIMIT 1`,
      [jobId],
    );
    return row && toRunRecord(row);
  }

  /** The job's succeeded runs with equal parameters that were queued before this run, newest first. */
  succeededBefore(
    run: Pick<RunRecord, 'jobId' | 'queuedAt' | 'scheduledFor' | 'runId' | 'params'>,
    { configName, limit }: { configName?: string; limit: number },
  ): RunRecord[] {
    return this.#db
      .all<RunRow>(
        `SELECT * FROM runs WHERE job_id = ? AND status = 'succeeded' AND (? IS NULL OR config_name = ?)
           AND params IS ?
           AND (queued_at, ${DUE_AT}, run_id) < (?, ?, ?)
         ORDER BY queued_at DESC, ${DUE_AT} DESC, run_id DESC LIMIT ?`,
        [
          run.jobId,
          configName ?? null,
          configName ?? null,
          canonicalParams(run.params),
          run.queuedAt,
          run.scheduledFor ?? run.queuedAt,
          run.runId,
          limit,
        ],
      )
      .map(toRunRecord);
  }

  /** The attempts of a run, first to last. */
  attempts(runId: string): AttemptRecord[] {
    return this.#db
      .all<AttemptRow>('SELECT * FROM attempts WHERE run_id = ? ORDER BY attempt', [runId])
      .map(toAttemptRecord);
  }

  /** The runs of a job's last `count` decided occurrences, latest first. */
  occurrences(jobId: string, count: number): RunRecord[] {
    return this.#db
      .all<RunRow>(
        'SELECT * FROM runs WHERE job_id = ? AND scheduled_for IS NOT NULL ORDER BY scheduled_for DESC LIMIT ?',
        [jobId, count],
      )
      .map(toRunRecord);
  }

  /** The average duration of each job's last five runs that finished in one attempt, by job, in milliseconds. */
  durations(): Map<string, number> {
    const rows = this.#db.all<{ id: string; ms: number | null }>(
      `SELECT job_id AS id, (
         SELECT avg(ms) FROM (
           SELECT max(0, finished_at - started_at) AS ms FROM runs
           WHERE job_id = job_state.job_id AND status IN ('succeeded', 'failed', 'timed_out') AND attempt = 1
           ORDER BY queued_at DESC LIMIT 5)) AS ms
       FROM job_state`,
    );
    return new Map(rows.flatMap(({ id, ms }) => (ms === null ? [] : [[id, Math.round(ms)]])));
  }

  /** Whether any run is starting or running by its row, or has a callback that is due or running. */
  needsReconciling(): boolean {
    const found = this.#db.get(
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM runs WHERE ${IS_ACTIVE} AND status IN ('starting', 'running'))
         OR EXISTS (SELECT 1 FROM runs WHERE callback IN ('due', 'running'))`,
    );
    return found !== undefined;
  }

  /** The position from which a later {@link since} returns runs that were inserted or began an attempt. */
  newest(): NewestRows {
    const newest = (table: string) => `coalesce((SELECT max(rowid) FROM ${table}), 0)`;
    const found = this.#db.get<NewestRows>(
      `SELECT ${newest('runs')} AS run, ${newest('attempts')} AS attempt`,
    );
    return found ?? { run: 0, attempt: 0 };
  }

  /**
   * The runs that were inserted or began an attempt after `newest`, and the runs with these ids, in insertion order.
   */
  since({ run, attempt }: NewestRows, ids: readonly string[]): RunRecord[] {
    return this.#db
      .all<RunRow>(
        // Three subqueries: for an OR between them, SQLite would scan every run.
        `SELECT * FROM runs WHERE rowid IN (
           SELECT rowid FROM runs WHERE rowid > ?
           UNION SELECT runs.rowid FROM json_each(?) CROSS JOIN runs ON run_id = json_each.value
           UNION SELECT runs.rowid FROM attempts CROSS JOIN runs USING (run_id) WHERE attempts.rowid > ?)
         ORDER BY rowid`,
        [run, JSON.stringify(ids), attempt],
      )
      .map(toRunRecord);
  }

  /** These numbers differ when other runs wait, or one waits for another instant. They are summed from the index. */
  waitingSums(): WaitingSums {
    const found = this.#db.get<WaitingSums>(
      `SELECT count(*) AS count, coalesce(sum(not_before % ${SUM_MODULUS}), 0) AS notBefore FROM runs INDEXED BY runs_active
       WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry')`,
    );
    return found ?? { count: 0, notBefore: 0 };
  }

  /** All waiting runs: `notBefore` by run id. */
  waiting(): Map<string, number> {
    const found = this.#db.all<{ id: string; notBefore: number }>(
      `SELECT run_id AS id, not_before AS notBefore FROM runs WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry')`,
    );
    return new Map(found.map(({ id, notBefore }) => [id, notBefore]));
  }

  /** The number of waiting runs and of occupied slots, counted in the index. */
  activeCounts(): { waiting: number; running: number } {
    const count = (statuses: string) =>
      `(SELECT count(*) FROM runs INDEXED BY runs_active WHERE ${IS_ACTIVE} AND status IN (${statuses}))`;
    const found = this.#db.get<{ waiting: number; running: number }>(
      `SELECT ${count(`'queued', 'waiting_retry'`)} AS waiting, ${count(`'starting', 'running'`)} AS running`,
    );
    return found ?? { waiting: 0, running: 0 };
  }

  /** {@link active} for some jobs only, independent of how many runs of other jobs wait. */
  activeForJobs(jobIds: readonly string[]): RunRecord[] {
    // The `+` makes SQLite search by job.
    return this.#db
      .all<RunRow>(
        `SELECT runs.* FROM json_each(?) CROSS JOIN runs ON job_id = json_each.value
         WHERE +status IN ('queued', 'starting', 'running', 'waiting_retry') ORDER BY queued_at`,
        [JSON.stringify(jobIds)],
      )
      .map(toRunRecord);
  }

  /**
   * All active runs, including waiting ones. A hundred thousand take a second or two. Frequent callers should use
   * {@link activeCounts}, {@link activeForJobs} or `listRunning`.
   */
  active(): RunRecord[] {
    return this.#db.all<RunRow>(`SELECT * FROM runs WHERE ${IS_ACTIVE} ORDER BY queued_at`).map(toRunRecord);
  }
}

function conditions(filter: RunFilter): { where: string; params: SqlValue[] } {
  const parts = ['1'];
  const params: SqlValue[] = [];
  if (filter.jobId !== undefined) {
    parts.push('job_id = ?');
    params.push(filter.jobId);
  }
  if (filter.status !== undefined) {
    parts.push(filter.status === 'queued' ? `status IN (?, 'starting')` : 'status = ?');
    params.push(filter.status);
  }
  if (filter.since !== undefined) {
    parts.push('queued_at >= ?');
    params.push(filter.since);
  }
  return { where: parts.join(' AND '), params };
}

/** The cursor of {@link RunStore.list} for the runs after this one. */
export function runCursor({ queuedAt, scheduledFor, runId }: RunRecord): string {
  return Buffer.from(`${queuedAt}/${scheduledFor ?? queuedAt}/${runId}`).toString('base64url');
}

function readCursor(cursor: string): [number, number, string] {
  const [queuedAt = '', due = '', runId] = Buffer.from(cursor, 'base64url').toString().split('/');
  if (!runId || !/^\d+$/.test(queuedAt) || !/^-?\d+$/.test(due)) {
    throw invalidCursor();
  }
  return [Number(queuedAt), Number(due), runId];
}
