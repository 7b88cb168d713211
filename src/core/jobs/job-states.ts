import type { QuickscrapeDatabase } from '../database/database.ts';
import type { Actor } from '../model/definition.ts';
import { isJobStatus, type JobState, type JobStatus } from '../model/job-record.ts';
import type { JobStateRow, RuntimeRow } from '../runs/state-from-runs.ts';

/** A recorded definition: the columns that the store writes, not the runs. */
export interface RecordedDefinition {
  revision: number;
  definitionHash: string;
  scheduleHash: string;
  updatedAt: number;
  updatedBy: Actor;
  /** Never lowers the stored watermark. */
  watermark: number;
}

const SAVE = `
  INSERT INTO job_state (job_id, revision, definition_hash, schedule_hash, updated_at, updated_by, watermark)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (job_id) DO UPDATE SET revision = excluded.revision, definition_hash = excluded.definition_hash,
    schedule_hash = excluded.schedule_hash, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
    watermark = max(job_state.watermark, excluded.watermark)`;

/** The revision is compared too, because the hash alone misses a change that was reverted meanwhile. */
const IF_UNCHANGED = 'WHERE job_state.definition_hash = ? AND job_state.revision <= excluded.revision';
const SAVE_FOUND = `${SAVE} ${IF_UNCHANGED}`;
const SAVE_FOUND_RESUMED = `${SAVE}, strikes = 0, paused_at = NULL, paused_after = NULL ${IF_UNCHANGED}`;

const RECALL = `
  UPDATE job_state SET status = ?, last_run = ?, last_run_id = ?, failures = ?, strikes = ?, paused_at = ?,
    paused_after = ?, callback_failed_at = ?, callback_failure = ?
  WHERE job_id = ?`;

const SEPARATOR = '\x1e';

function selected(text: (column: string) => string): string {
  const joined = (column: string) => `group_concat(${text(column)}, char(30))`;
  return `
    SELECT count(*) AS count, ${joined('job_id')} AS ids, ${joined('definition_hash')} AS definitions,
      ${joined('schedule_hash')} AS schedules,
      group_concat(json_array(revision, updated_at, updated_by, watermark, status, last_run, last_run_id, failures,
        strikes, paused_at, paused_after, callback_failed_at, callback_failure), char(30)) AS others
    FROM job_state`;
}

const ALL = selected((column) => column);
/**
 * For a table in which an edit by hand inserted a separator into a text; this program never writes one. This query
 * takes 50 % longer.
 */
const ALL_CLEANED = selected((column) => `replace(${column}, char(30), '')`);
const SOME = ' WHERE job_id IN (SELECT value FROM json_each(?))';

type AllRows = { count: number } & Record<'ids' | 'definitions' | 'schedules' | 'others', string | null>;
type OtherValues = [
  number,
  number | null,
  Actor | null,
  number,
  JobStatus,
  number | null,
  string | null,
  number,
  number,
  number | null,
  number | null,
  number | null,
  string | null,
];

/** All rows of the table from one moment. Each row object is built on access, so few exist at once. */
class JobStateRows {
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #definitions: readonly string[];
  readonly #schedules: readonly string[];
  readonly #others: readonly string[];

  /** Whether each joined text has as many values as there are rows. */
  readonly isWhole: boolean;

  constructor({ count, ids, definitions, schedules, others }: AllRows) {
    const names = split(ids);
    this.#indexes = new Map(names.map((id, index) => [id, index]));
    this.#definitions = split(definitions);
    this.#schedules = split(schedules);
    this.#others = split(others);
    const texts = [names, this.#definitions, this.#schedules, this.#others];
    this.isWhole = texts.every(({ length }) => length === count);
  }

  get(id: string): JobStateRow | undefined {
    const index = this.#indexes.get(id);
    if (index === undefined) return undefined;
    const values = JSON.parse(this.#others[index] ?? '[]') as OtherValues;
    const [revision, updated_at, updated_by, watermark, status, last_run, last_run_id, ...failed] = values;
    const [failures, strikes, paused_at, paused_after, callback_failed_at, callback_failure] = failed;
    return {
      job_id: id,
      revision,
      definition_hash: this.#definitions[index] ?? '',
      schedule_hash: this.#schedules[index] ?? '',
      updated_at,
      updated_by,
      watermark,
      status,
      last_run,
      last_run_id,
      failures,
      strikes,
      paused_at,
      paused_after,
      callback_failed_at,
      callback_failure,
    };
  }

  definitionHash(id: string): string | undefined {
    const index = this.#indexes.get(id);
    return index === undefined ? undefined : this.#definitions[index];
  }
}

const NO_ROWS: AllRows = { count: 0, ids: null, definitions: null, schedules: null, others: null };

function split(joinedTexts: string | null): string[] {
  return joinedTexts === null ? [] : joinedTexts.split(SEPARATOR);
}

/** The store's columns of the table `job_state`. */
export class JobStates {
  readonly #db: QuickscrapeDatabase;

  constructor(db: QuickscrapeDatabase) {
    this.#db = db;
  }

  all(): JobStateRows {
    return this.#read('', []);
  }

  /** The rows of some jobs. */
  of(ids: readonly string[]): JobStateRows {
    return this.#read(SOME, [JSON.stringify(ids)]);
  }

  #read(where: string, params: string[]): JobStateRows {
    // A few long texts instead of thousands of rows: passing a row to JavaScript costs more than parsing its text.
    const read = (select: string) => {
      const [rows] = this.#db.all<AllRows>(select + where, params);
      return new JobStateRows(rows ?? NO_ROWS);
    };
    const rows = read(ALL);
    return rows.isWhole ? rows : read(ALL_CLEANED);
  }

  get(id: string): JobStateRow | undefined {
    return this.#db.get<JobStateRow>('SELECT * FROM job_state WHERE job_id = ?', [id]);
  }

  /** Records a definition that this program wrote and, for a restored job, the state from its runs. */
  save(id: string, noted: RecordedDefinition, past?: RuntimeRow): void {
    this.#db.transaction(() => {
      this.#db.run(SAVE, valuesOf(id, noted));
      if (past) {
        const { status, last_run, last_run_id, failures, strikes, paused_at, paused_after } = past;
        const values = [status, last_run, last_run_id, failures, strikes, paused_at, paused_after];
        this.#db.run(RECALL, [...values, past.callback_failed_at, past.callback_failure, id]);
      }
    });
  }

  /**
   * Records a definition that was found in a file; returns false when another process recorded one since `knownHash`
   * was read.
   * @param isResumed whether this also resumes a paused job, as {@link resume} does
   */
  saveIf(id: string, knownHash: string | undefined, noted: RecordedDefinition, isResumed: boolean): boolean {
    const sql = isResumed ? SAVE_FOUND_RESUMED : SAVE_FOUND;
    return this.#db.run(sql, [...valuesOf(id, noted), knownHash ?? '']).changes === 1;
  }

  /**
   * Resumes a paused job: the count for `pause_after_failures` starts again, and occurrences during the pause do not
   * count as missed.
   */
  resume(id: string, now: number): void {
    this.#db.run(
      `UPDATE job_state SET strikes = 0, paused_at = NULL, paused_after = NULL, watermark = max(watermark, ?)
       WHERE job_id = ?`,
      [Math.floor(now), id],
    );
  }

  remove(id: string): void {
    this.#db.run('DELETE FROM job_state WHERE job_id = ?', [id]);
  }
}

function valuesOf(id: string, noted: RecordedDefinition) {
  const { revision, definitionHash, scheduleHash, updatedAt, updatedBy, watermark } = noted;
  return [
    id,
    revision,
    definitionHash,
    scheduleHash,
    Math.floor(updatedAt),
    updatedBy,
    Math.floor(watermark),
  ];
}

/** The key under which a deleted job's file stores its database state. No active job's file has it. */
export const STATE_WHEN_DELETED = 'state_when_deleted';

/** The state that is restored with a deleted job. */
type DeletedState = RuntimeRow & Pick<JobStateRow, 'watermark'>;

/**
 * The extra content of a deleted job's file.
 * @param row the job's row; `undefined` when the database has never seen the job
 * @param state the row joined with the file; an edit of the file may have resumed the job
 */
export function deletedState(row: JobStateRow | undefined, state: JobState): Record<string, DeletedState> {
  if (row === undefined) return {};
  const { status, last_run, last_run_id, failures, strikes, paused_after } = row;
  const { callback_failed_at, callback_failure } = row;
  const kept = { status, last_run, last_run_id, failures, strikes, paused_at: state.pausedAt, paused_after };
  return {
    [STATE_WHEN_DELETED]: { ...kept, callback_failed_at, callback_failure, watermark: state.decidedUntil },
  };
}

/** Reads this state; `undefined` for a file of an older version, or for a value that this program does not write. */
export function readDeletedState(text: string): DeletedState | undefined {
  const file: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  const found = (file as Record<string, unknown>)[STATE_WHEN_DELETED];
  if (typeof found !== 'object' || found === null) return undefined;
  const state = found as Record<string, unknown>;
  const isCount = (name: string) => Number.isSafeInteger(state[name]) && Number(state[name]) >= 0;
  const isInstant = (name: string) => state[name] === null || isCount(name);
  const isText = (name: string) => state[name] === null || typeof state[name] === 'string';
  const isOurs =
    isJobStatus(state['status']) &&
    ['failures', 'strikes', 'watermark'].every(isCount) &&
    ['last_run', 'paused_at', 'paused_after', 'callback_failed_at'].every(isInstant) &&
    ['last_run_id', 'callback_failure'].every(isText);
  return isOurs ? (found as DeletedState) : undefined;
}
