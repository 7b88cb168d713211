import type { Actor } from '../job/definition.ts';
import type { JobStatus } from '../job/record.ts';
import type { QuickscrapeDatabase } from '../run/database.ts';

/** A row of `job_state`: what the database knows of a job beside its file. Instants are epoch milliseconds. */
export interface JobStateRow {
  job_id: string;
  revision: number;
  /** Empty when a run was recorded before the job's definition was noted. */
  definition_hash: string;
  schedule_hash: string;
  updated_at: number | null;
  updated_by: Actor | null;
  watermark: number;
  status: JobStatus;
  last_run: number | null;
  last_run_id: string | null;
  failures: number;
}

/** A definition as it is noted: the columns that belong to the store, not to the runs. */
export interface NotedDefinition {
  revision: number;
  definitionHash: string;
  scheduleHash: string;
  updatedAt: number;
  updatedBy: Actor;
  /** Never lowers the watermark that is there. */
  watermark: number;
}

const SAVE = `
  INSERT INTO job_state (job_id, revision, definition_hash, schedule_hash, updated_at, updated_by, watermark)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (job_id) DO UPDATE SET revision = excluded.revision, definition_hash = excluded.definition_hash,
    schedule_hash = excluded.schedule_hash, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
    watermark = max(job_state.watermark, excluded.watermark)`;

/** The store's part of the table `job_state`. */
export class JobStates {
  readonly #db: QuickscrapeDatabase;

  constructor(db: QuickscrapeDatabase) {
    this.#db = db;
  }

  all(): Map<string, JobStateRow> {
    return new Map(this.#db.all<JobStateRow>('SELECT * FROM job_state').map((row) => [row.job_id, row]));
  }

  get(id: string): JobStateRow | undefined {
    return this.#db.get<JobStateRow>('SELECT * FROM job_state WHERE job_id = ?', [id]);
  }

  /** Notes a definition that was written by us. */
  save(id: string, noted: NotedDefinition): void {
    this.#db.run(SAVE, valuesOf(id, noted));
  }

  /** Notes a definition that was found, unless another process has noted one since `knownHash` was read. */
  saveIf(id: string, knownHash: string | undefined, noted: NotedDefinition): void {
    this.#db.run(`${SAVE} WHERE job_state.definition_hash = ?`, [...valuesOf(id, noted), knownHash ?? '']);
  }

  remove(id: string): void {
    this.#db.run('DELETE FROM job_state WHERE job_id = ?', [id]);
  }
}

function valuesOf(id: string, noted: NotedDefinition) {
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
