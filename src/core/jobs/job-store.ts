import { join } from 'node:path';
import type { QuickscrapeDatabase } from '../database/database.ts';
import { removeLeftover, sweepTempFiles } from '../fs/atomic-file.ts';
import type { FileStamp } from '../fs/file-stamp.ts';
import { type FileSystem, nodeFileSystem } from '../fs/file-system.ts';
import type { HomePaths } from '../fs/paths.ts';
import { ifAvailable } from '../fs/unavailable.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Actor, JobDefinition } from '../model/definition.ts';
import { isName, makeJobId, parseName } from '../model/job-id.ts';
import type { JobEntry, JobRecord, JobState, ValidJob } from '../model/job-record.ts';
import { MAX_JOB_FILE_BYTES, runtimeDict, toJobDict } from '../model/job-record.ts';
import { runIsActive } from '../runs/run-errors.ts';
import { findActiveRun } from '../runs/run-queue.ts';
import type { RuntimeRow } from '../runs/run-rows.ts';
import { stateFromRuns } from '../runs/state-from-runs.ts';
import type { Settings } from '../settings/settings.ts';
import { Trash } from '../trash/trash.ts';
import {
  applyChanges,
  type ChangedField,
  isResuming,
  newDefinition,
  type UpdateOptions,
} from './apply-changes.ts';
import { deletedState, readDeletedState } from './deleted-state.ts';
import { joinJob, joinState, newRecord, toRecordedDefinition } from './job-entry.ts';
import {
  checkRevision,
  jobExists,
  jobMadeAgain,
  jobNotFound,
  notInTrash,
  requireValidJob,
} from './job-errors.ts';
import type { JobVersion } from './job-files.ts';
import { JobFiles } from './job-files.ts';
import { type JobPage, JobReader } from './job-reader.ts';
import { JobStates } from './job-states.ts';
import { parseJobText } from './job-text.ts';
import { JobWriter, renderJob, toJsonText } from './job-writer.ts';

export interface JobStoreOptions {
  paths: HomePaths;
  db: QuickscrapeDatabase;
  clock?: Clock;
  /** Where new jobs get their time zone and `keep_runs`, and the trash its age. */
  settings?: Settings;
  fileSystem?: FileSystem;
}

/** A job that is back from the trash. */
export type RestoredJob = ValidJob & {
  /** Whether its state came back from the trash, and not only from its runs. */
  isStateKept: boolean;
};

/**
 * The jobs of a home: their definitions in `jobs/*.json`, joined with what the database knows. Reading is synchronous
 * and takes no lock. Every write is: lock, read again, apply only what changed, check, replace the file durably.
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
        // Older versions kept a copy of what the job files say.
        removeLeftover(join(paths.locks, 'jobs.index'));
        this.#trash.sweep(clock.now(), settings?.get('trash_days') ?? 30);
      },
    });
    this.#db = db;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** All jobs, sorted by id; files that are no valid jobs are listed with the reason. */
  list(): JobEntry[] {
    return this.#reader.list();
  }

  /**
   * {@link list}, some jobs at a time, for who goes through thousands and keeps none. Each is as it is when its turn comes;
   * one that comes meanwhile is not among them.
   */
  batches(): Generator<JobEntry[]> {
    return this.#reader.batches();
  }

  /** Keeps so many definitions at most, and reads the others when they are asked for; unless it is told so, all. */
  limitCache(max: number): void {
    this.#files.limitCache(max);
  }

  /** The ids of all jobs, sorted, those with an unusable file among them; without a look at the files. */
  ids(): readonly string[] {
    return this.#files.names();
  }

  /** The first `limit` jobs whose id comes after `after`; costs by what it gives, however many jobs there are. */
  page(after: string | undefined, limit: number): JobPage {
    return this.#reader.page(after, limit);
  }

  /** The job with exactly this id. */
  get(id: string): JobEntry | undefined {
    return this.#reader.get(id);
  }

  /** {@link get} of several, by id, for less than one after the other; those that are not there are left out. */
  getMany(ids: readonly string[]): Map<string, JobEntry> {
    return this.#reader.getMany(ids);
  }

  /**
   * The job with this id, or the only one whose id begins so.
   * @throws QuickscrapeError `job_not_found` with the closest ids; `conflict` naming the ids when several begin so
   */
  find(idOrPrefix: string): JobEntry {
    return this.#reader.find(idOrPrefix);
  }

  /**
   * The definition that {@link create} would store for these fields: checked, and with its defaults.
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
      const now = this.#clock.now();
      const record = newRecord(id, definition, { by, file: this.#files.pathOf(id), now });
      return this.#save(record, joinState(definition, undefined, now, now));
    });
  }

  /**
   * Writes the fields that differ, and those only; nothing when none does. Another schedule, or another number of
   * failures after which it pauses, lets a paused job go on as well: then `paused` is among what changed.
   * @param changes fields of the definition by their wire names
   * @returns the job as stored, and the names of the fields that changed
   * @throws QuickscrapeError `job_not_found`, `conflict`, `invalid_job`, `invalid_params`, `invalid_schedule`
   */
  async update(
    id: string,
    changes: Readonly<Record<string, unknown>>,
    options: UpdateOptions,
  ): Promise<{ entry: ValidJob; changed: ChangedField[] }> {
    const result = await this.#writer.write(async () => {
      const { entry, seen } = this.#open(id);
      const { definition, changed } = this.#judge(id, seen, () => {
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
      const watermark = replanned ? Math.max(now, entry.state.watermark) : entry.state.watermark;
      const next = {
        ...record,
        definition,
        revision: record.revision + 1,
        updatedAt: now,
        updatedBy: options.by,
      };
      const state = joinState(definition, this.#states.get(id), watermark, now);
      return {
        entry: await this.#save(next, state, seen),
        changed: lifted ? [...changed, 'paused' as const] : changed,
      };
    });
    // The file is written only for its copy of the next run; the job goes on all the same.
    if (result.changed[0] === 'paused') await this.copyRuntime(id).catch(() => {});
    return result;
  }

  /**
   * Moves a job to the trash; its runs stay. False when there is no such job.
   * @throws QuickscrapeError `conflict` while a run of it is not over, or for another revision; `invalid_job`
   */
  async delete(id: string, options: { by: Actor; ifRevision?: number }): Promise<boolean> {
    return this.#writer.write(async () => {
      if (!this.get(id)) return false;
      const { entry, seen } = this.#open(id);
      this.#judge(id, seen, () => checkRevision(entry.record, options.ifRevision));
      const active = findActiveRun(this.#db, id);
      if (active) throw runIsActive(active);
      const text = toJsonText({
        ...toJobDict(entry.record, entry.state),
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
   * Brings the latest deleted job of this id back with its state: its pause, its failures in a row, its last run. What
   * it missed meanwhile does not count as missed. An older version kept no state: then it is what the job's runs say.
   * @throws QuickscrapeError `job_not_found` when none waits in the trash; `conflict` when the id is taken again
   */
  async restore(id: string): Promise<RestoredJob> {
    return this.#writer.write(async () => {
      const trashed = this.#trash.newest(id);
      const ids = () => this.#trash.list().map((deleted) => deleted.id);
      // What is no id may lead to a file elsewhere, of which nothing is said.
      const isThere = isName(id) && this.#files.exists(id);
      if (!trashed) throw notInTrash(id, ids(), isThere);
      if (isThere) throw jobMadeAgain(id);
      const { file, deletedAt } = trashed;
      const now = this.#clock.now();
      const text = this.#trash.read(trashed);
      const parsed = parseJobText(text, { id, file, modifiedAt: deletedAt }, undefined);
      const { record } = requireValidJob(joinJob(parsed, undefined, now));
      const restored = { ...record, file: this.#files.pathOf(id) };
      const kept = readDeletedState(text);
      const past = kept ?? stateFromRuns(this.#db, id);
      // What was decided by a clock that was ahead is not decided again.
      const watermark = Math.max(now, kept?.watermark ?? now);
      const state = joinState(record.definition, past, watermark, now);
      const entry = await this.#save(restored, state, undefined, past);
      this.#trash.remove(trashed);
      return { ...entry, isStateKept: kept !== undefined };
    });
  }

  /**
   * Copies status, last and next run into the job's file, for the user's own tools; writes only when they differ.
   * A power loss may take the copies back, and they are ignored when the file is read. Does nothing for a file that
   * is not ours to write.
   */
  async copyRuntime(id: string): Promise<void> {
    await this.#writer.write(async () => {
      const found = this.#reader.getForChange(id);
      if (found?.entry.kind !== 'valid') return;
      const { entry, seen } = found;
      const raw: Record<string, unknown> = JSON.parse(seen.text.replace(/^\uFEFF/, ''));
      const copies = runtimeDict(entry.state);
      if (Object.entries(copies).every(([key, value]) => raw[key] === value)) return;
      // What the file spells out stays as it is spelt, also a schedule without a time zone.
      const text = toJsonText({ ...toJobDict(entry.record, entry.state), ...raw, ...copies });
      // Nobody could read it any more.
      if (Buffer.byteLength(text) > MAX_JOB_FILE_BYTES) return;
      await this.#writer.replace(id, text, seen, 'content');
    });
  }

  /** Which version of a job's file there is, without reading it. */
  stamp(id: string): FileStamp | undefined {
    return this.#files.stamp(id);
  }

  /** Gives the lock's file back; a later write opens it again. */
  close(): void {
    this.#writer.close();
  }

  /** Reads a job under the lock, with the version that a write may replace. */
  #open(id: string): { entry: ValidJob; seen: JobVersion } {
    const found = this.#reader.getForChange(id);
    if (found) {
      const { entry, seen } = found;
      return { entry: this.#judge(id, seen, () => requireValidJob(entry)), seen };
    }
    // A file that is no text, and one whose name is no id, are there and cannot be changed.
    const unusable = this.get(id);
    if (unusable) requireValidJob(unusable);
    throw jobNotFound(id, this.#files.names());
  }

  /** Runs `work`; what it refuses counts only if the file is still the version `seen`. */
  #judge<T>(id: string, seen: JobVersion, work: () => T): T {
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
    // Once the file is stored the change counts, noted or not: told otherwise, a caller would try again in vain.
    const stored = ifAvailable(() => {
      this.#states.save(id, toRecordedDefinition(record, state.watermark), past);
      const row = this.#states.get(id);
      const now = this.#clock.now();
      return joinJob(parseJobText(text, { id, file, modifiedAt: now }, row?.definition_hash), row, now);
    });
    return stored?.kind === 'valid' ? stored : { kind: 'valid', id, record, state };
  }
}
