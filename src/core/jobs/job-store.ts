import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { QuickscrapeDatabase } from '../database/database.ts';
import { type FileSystem, nodeFileSystem, removeLeftover, sweepTempFiles } from '../fs/atomic-file.ts';
import { jobSchemaLink, writeHomeSchema } from '../fs/editor-schemas.ts';
import type { FileStamp } from '../fs/file-stamp.ts';
import type { HomePaths } from '../fs/paths.ts';
import { ifAvailable, wrapUnavailable } from '../fs/system-errors.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Actor, JobDefinition } from '../model/definition.ts';
import { isName, makeJobId, parseName } from '../model/ids.ts';
import {
  type JobEntry,
  type JobRecord,
  type JobState,
  MAX_JOB_FILE_BYTES,
  type ValidJob,
} from '../model/job-record.ts';
import { runtimeDict, SCHEMA_FIELD, toJobFile } from '../model/serialize-job.ts';
import { runIsActive } from '../runs/run-errors.ts';
import { getPersistentFiles } from '../runs/run-files.ts';
import { findActiveRun } from '../runs/run-queue.ts';
import { type RuntimeRow, stateFromRuns } from '../runs/state-from-runs.ts';
import type { Settings } from '../settings/settings.ts';
import { Trash } from '../trash/trash.ts';
import {
  applyChanges,
  type ChangedField,
  isResuming,
  newDefinition,
  type UpdateOptions,
} from './apply-changes.ts';
import { joinJob, joinState, newRecord, toRecordedDefinition } from './job-entry.ts';
import {
  checkRevision,
  jobExists,
  jobMadeAgain,
  jobNotFound,
  notInTrash,
  requireValidJob,
} from './job-errors.ts';
import { JobFiles, type JobVersion } from './job-files.ts';
import { type JobPage, JobReader } from './job-reader.ts';
import { deletedState, JobStates, readDeletedState } from './job-states.ts';
import { parseJobText } from './job-text.ts';
import { JobWriter, renderJob, toJsonText } from './job-writer.ts';

export interface JobStoreOptions {
  paths: HomePaths;
  db: QuickscrapeDatabase;
  clock?: Clock;
  /** The source of a new job's time zone and `keep_runs`, and of the trash's retention period. */
  settings?: Settings;
  fileSystem?: FileSystem;
}

/** A job that was restored from the trash. */
export type RestoredJob = ValidJob & {
  /** Whether its state came from the trash; otherwise it came from its runs. */
  isStateKept: boolean;
};

/**
 * The jobs of a home: their definitions in `jobs/*.json`, joined with the database. Reading is synchronous and takes no
 * lock. Every write takes the lock, reads again, applies only the changes, validates, and replaces the file durably.
 */
export class JobStore {
  readonly folder: string;
  readonly ending = '.json';
  readonly #files: JobFiles;
  readonly #states: JobStates;
  readonly #reader: JobReader;
  readonly #writer: JobWriter;
  readonly #trash: Trash;
  readonly #db: QuickscrapeDatabase;
  readonly #clock: Clock;
  readonly #settings: Settings | undefined;
  readonly #home: string;
  readonly #paths: HomePaths;
  /** What new files name as their schema. */
  readonly #schemaLink: string | undefined;

  constructor({ paths, db, clock = systemClock, settings, fileSystem = nodeFileSystem }: JobStoreOptions) {
    this.folder = paths.jobs;
    this.#files = new JobFiles(paths.jobs);
    this.#states = new JobStates(db);
    this.#reader = new JobReader({ files: this.#files, states: this.#states, db, clock });
    this.#trash = new Trash(paths.trash, fileSystem);
    this.#writer = new JobWriter({
      files: this.#files,
      lockFile: join(paths.locks, 'store.db'),
      fileSystem,
      tidy: () => {
        for (const folder of [paths.home, paths.configs, paths.trash, paths.locks]) sweepTempFiles(folder);
        // Older versions stored a copy of the job files here.
        removeLeftover(join(paths.locks, 'jobs.index'));
        this.#trash.sweep(clock.now(), settings?.get('trash_days') ?? 30);
      },
    });
    this.#db = db;
    this.#clock = clock;
    this.#settings = settings;
    this.#home = paths.home;
    this.#paths = paths;
    this.#schemaLink = jobSchemaLink(paths);
  }

  /** All jobs, sorted by id; invalid files are listed with the reason. */
  list(): JobEntry[] {
    return this.#reader.list();
  }

  /**
   * {@link list} in batches, for callers that process thousands of jobs and hold none. Each job has its state at the
   * time of its batch; jobs that are created meanwhile are left out.
   */
  batches(): Generator<JobEntry[]> {
    return this.#reader.batches();
  }

  /** Limits the cache to this many definitions and reads the others on demand; by default it has no limit. */
  limitCache(max: number): void {
    this.#files.limitCache(max);
  }

  /** The ids of all jobs, sorted, including those with an invalid file; does not read the files. */
  ids(): readonly string[] {
    return this.#files.names();
  }

  /** The first `limit` jobs whose id comes after `after`. The cost depends on the page, not on the number of jobs. */
  page(after: string | undefined, limit: number): JobPage {
    return this.#reader.page(after, limit);
  }

  /** The job with exactly this id. */
  get(id: string): JobEntry | undefined {
    return this.#reader.get(id);
  }

  /** {@link get} for several ids, faster than one by one; missing jobs are left out. */
  getMany(ids: readonly string[]): Map<string, JobEntry> {
    return this.#reader.getMany(ids);
  }

  /**
   * Finds a job by its id or a unique prefix of it.
   * @throws QuickscrapeError `job_not_found` with the closest ids; `conflict` naming the ids when several begin with
   *   the prefix
   */
  find(idOrPrefix: string): JobEntry {
    return this.#reader.find(idOrPrefix);
  }

  /**
   * The definition that {@link create} would store for these fields: validated, with defaults.
   * @throws QuickscrapeError `invalid_params`, `invalid_schedule`
   */
  resolve(fields: unknown): JobDefinition {
    return newDefinition(fields, this.#settings);
  }

  /** @throws QuickscrapeError `invalid_params`, `invalid_schedule`; `conflict` when the id is taken */
  async create(input: { id?: string; fields: unknown }, by: Actor): Promise<ValidJob> {
    const definition = this.resolve(input.fields);
    if (input.id !== undefined) parseName(input.id, 'job_id');
    return this.#writer.write(async () => {
      const taken = (name: string) => this.#files.exists(name);
      const id = input.id ?? makeJobId(definition.config_name, taken);
      if (taken(id)) throw jobExists(id);
      this.#forgetRows(id);
      const now = this.#clock.now();
      const record = newRecord(id, definition, {
        by,
        file: this.#files.pathOf(id),
        now,
        schemaLink: this.#schemaLink,
      });
      return this.#save(record, joinState(definition, undefined, now, now));
    });
  }

  /** A new job has written no rows and fetched no addresses, even if a deleted one had its id. */
  #forgetRows(id: string): void {
    const { knownRows, fetched } = getPersistentFiles(this.#paths, id);
    for (const file of [knownRows, fetched])
      wrapUnavailable(`cannot remove ${file}`, () => rmSync(file, { force: true }));
  }

  /**
   * Writes only the fields that differ, or nothing when none does. A new schedule, or a new value of
   * `pause_after_failures`, also resumes a paused job: then `paused` is among the changed names.
   * @param changes fields of the definition by their wire names
   * @returns the stored job, and the names of the changed fields
   * @throws QuickscrapeError `job_not_found`, `conflict`, `invalid_job`, `invalid_params`, `invalid_schedule`
   */
  async update(
    id: string,
    changes: Readonly<Record<string, unknown>>,
    options: UpdateOptions,
  ): Promise<{ entry: ValidJob; changed: ChangedField[] }> {
    const result = await this.#writer.write(async () => {
      const { entry, seen } = this.#open(id);
      const { definition, changed } = this.#checkSeen(id, seen, () => {
        checkRevision(entry.record, options.ifRevision);
        return applyChanges(entry.record.definition, changes, options.base);
      });
      if (changed.length === 0) this.#writer.assertUnchanged(id, seen);
      const now = this.#clock.now();
      const lifted = isResuming(entry.state, changed, options.resume ?? false);
      if (lifted) this.#states.resume(id, now);
      if (changed.length === 0)
        return { entry: lifted ? this.#open(id).entry : entry, changed: lifted ? ['paused' as const] : [] };
      const { record } = entry;
      const replanned = changed.includes('schedule') || changed.includes('enabled');
      const decidedUntil = replanned ? Math.max(now, entry.state.decidedUntil) : entry.state.decidedUntil;
      const next = {
        ...record,
        definition,
        revision: record.revision + 1,
        updatedAt: now,
        updatedBy: options.by,
      };
      const state = joinState(definition, this.#states.get(id), decidedUntil, now);
      return {
        entry: await this.#save(next, state, seen),
        changed: lifted ? [...changed, 'paused' as const] : changed,
      };
    });
    // Only the copy of the next run in the file changes; the job is resumed even if this write fails.
    if (result.changed[0] === 'paused') await this.copyRuntime(id).catch(() => {});
    return result;
  }

  /**
   * Moves a job to the trash; its runs stay. Returns false when the job does not exist.
   * @throws QuickscrapeError `conflict` while it has an active run, or for another revision; `invalid_job`
   */
  async delete(id: string, options: { by: Actor; ifRevision?: number }): Promise<boolean> {
    return this.#writer.write(async () => {
      if (!this.get(id)) return false;
      const { entry, seen } = this.#open(id);
      this.#checkSeen(id, seen, () => checkRevision(entry.record, options.ifRevision));
      const active = findActiveRun(this.#db, id);
      if (active) throw runIsActive(active);
      const text = toJsonText({
        ...toJobFile(entry.record, entry.state),
        ...deletedState(this.#states.get(id), entry.state),
      });
      const trashed = await this.#trash.put(id, text, this.#clock.now(), options.by);
      try {
        await this.#writer.remove(id, seen);
      } catch (error) {
        if (ifAvailable(() => this.#files.exists(id))) this.#trash.remove(trashed);
        throw error;
      }
      ifAvailable(() => this.#states.remove(id));
      return true;
    });
  }

  /**
   * Restores the most recently deleted job with this id, including its state: pause, failures in a row, last run.
   * Occurrences in the meantime do not count as missed. For a job that an older version deleted without state, the
   * state is derived from its runs.
   * @throws QuickscrapeError `job_not_found` when the trash has none; `conflict` when the id is in use again
   */
  async restore(id: string): Promise<RestoredJob> {
    return this.#writer.write(async () => {
      const trashed = this.#trash.newest(id);
      const ids = () => this.#trash.list().map((deleted) => deleted.id);
      // An invalid id may be a path outside the folder; its existence is not disclosed.
      const exists = isName(id) && this.#files.exists(id);
      if (!trashed) throw notInTrash(id, ids(), exists);
      if (exists) throw jobMadeAgain(id);
      const { file, deletedAt } = trashed;
      const now = this.#clock.now();
      const text = this.#trash.read(trashed);
      const parsed = parseJobText(text, { id, file, modifiedAt: deletedAt }, undefined);
      const { record } = requireValidJob(joinJob(parsed, undefined, now));
      const restored = { ...record, file: this.#files.pathOf(id) };
      const kept = readDeletedState(text);
      const past = kept ?? stateFromRuns(this.#db, id);
      // Occurrences that were decided while the clock was ahead are not decided again.
      const decidedUntil = Math.max(now, kept?.watermark ?? now);
      const state = joinState(record.definition, past, decidedUntil, now);
      const entry = await this.#save(restored, state, undefined, past);
      this.#trash.remove(trashed);
      return { ...entry, isStateKept: kept !== undefined };
    });
  }

  /**
   * Copies status, last run and next run into the job's file, for users' own tools; writes only when they differ. A
   * power loss may undo the copies, and they are ignored when the file is read. Skips files that this program may not
   * write.
   */
  async copyRuntime(id: string): Promise<void> {
    await this.#writer.write(async () => {
      const found = this.#reader.getForChange(id);
      if (found?.entry.kind !== 'valid') return;
      const { entry, seen } = found;
      const raw: Record<string, unknown> = JSON.parse(seen.text.replace(/^\uFEFF/, ''));
      const copies = runtimeDict(entry.state);
      if (Object.entries(copies).every(([key, value]) => raw[key] === value)) return;
      // Values keep their spelling from the file, for example a schedule without a time zone.
      const text = toJsonText({ ...toJobFile(entry.record, entry.state), ...raw, ...copies });
      // A larger file could not be read again.
      if (Buffer.byteLength(text) > MAX_JOB_FILE_BYTES) return;
      await this.#writer.replace(id, text, seen, 'content');
    });
  }

  /** The stamp of a job's file, without reading the file. */
  stamp(id: string): FileStamp | undefined {
    return this.#files.stamp(id);
  }

  /** Closes the lock file; a later write opens it again. */
  close(): void {
    this.#writer.close();
  }

  /** Reads a job under the lock, with the version that a write may replace. */
  #open(id: string): { entry: ValidJob; seen: JobVersion } {
    const found = this.#reader.getForChange(id);
    if (found) {
      const { entry, seen } = found;
      return { entry: this.#checkSeen(id, seen, () => requireValidJob(entry)), seen };
    }
    // Unreadable files, and files with an invalid id, exist but cannot be changed.
    const unusable = this.get(id);
    if (unusable) requireValidJob(unusable);
    throw jobNotFound(id, this.#files.names());
  }

  /** Runs `work`; an error that it throws counts only if the file is still the version `seen`. */
  #checkSeen<T>(id: string, seen: JobVersion, work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#writer.assertUnchanged(id, seen);
      throw error;
    }
  }

  async #save(record: JobRecord, state: JobState, seen?: JobVersion, past?: RuntimeRow): Promise<ValidJob> {
    const { id, file } = record;
    const text = renderJob(record, state);
    await this.#writer.replace(id, text, seen, true);
    if (this.#schemaLink !== undefined && record.extra[SCHEMA_FIELD] === this.#schemaLink)
      await writeHomeSchema(this.#home, 'job');
    // Once the file is stored, the change is effective even if the database is not updated. An error would make the
    // caller retry needlessly.
    const stored = ifAvailable(() => {
      this.#states.save(id, toRecordedDefinition(record, state.decidedUntil), past);
      const row = this.#states.get(id);
      const now = this.#clock.now();
      return joinJob(parseJobText(text, { id, file, modifiedAt: now }, row?.definition_hash), row, now);
    });
    return stored?.kind === 'valid' ? stored : { kind: 'valid', id, record, state };
  }
}
