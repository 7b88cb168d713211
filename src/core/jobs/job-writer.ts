import { unlinkSync } from 'node:fs';
import { ConcurrentEditError, editUnderLock, StoreLock } from '../database/locks.ts';
import { type FileSystem, sweepTempFiles, syncFolder, writeFileDurably } from '../fs/atomic-file.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { unavailable, wrapUnavailable } from '../fs/system-errors.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { type JobRecord, type JobState, MAX_JOB_FILE_BYTES } from '../model/job-record.ts';
import { toJobFile } from '../model/serialize-job.ts';
import type { JobFiles, JobVersion } from './job-files.ts';

/**
 * Renders the text of a job's file.
 * @throws QuickscrapeError `invalid_params` when it exceeds the size limit of a job file
 */
export function renderJob(record: JobRecord, state: JobState): string {
  const text = toJsonText(toJobFile(record, state));
  if (Buffer.byteLength(text) <= MAX_JOB_FILE_BYTES) return text;
  throw new QuickscrapeError(
    'invalid_params',
    `job ${record.id} would take more than ${MAX_JOB_FILE_BYTES} bytes`,
    {
      hint: 'Shorten its description, tags or commands.',
    },
  );
}

export function toJsonText(dict: Record<string, unknown>): string {
  return `${JSON.stringify(dict, null, 2)}\n`;
}

interface JobWriterOptions {
  files: JobFiles;
  lockFile: string;
  fileSystem: FileSystem;
  /** Further cleanup, once, before the first write. */
  tidy(): void;
}

/**
 * Writes job files under the store lock, and never overwrites a version that was not read. The last check of a file and
 * its replacement follow without a wait. Editors take no lock: one can lose a change only by writing within these
 * microseconds, or into a file that it opened before them.
 */
export class JobWriter {
  readonly #files: JobFiles;
  readonly #lock: StoreLock;
  readonly #fileSystem: FileSystem;
  readonly #tidy: () => void;
  #tidied = false;

  constructor({ files, lockFile, fileSystem, tidy }: JobWriterOptions) {
    this.#files = files;
    this.#lock = new StoreLock(lockFile);
    this.#fileSystem = fileSystem;
    this.#tidy = tidy;
  }

  /**
   * Runs `work`, which reads and then replaces files, under the store lock; repeats it when an editor wrote first.
   * @throws QuickscrapeError `store_unavailable` when the lock stays taken; `conflict` when an editor writes first each
   *   time
   */
  async write<T>(work: () => Promise<T>): Promise<T> {
    return editUnderLock(this.#lock, 'the job file', () => {
      this.#tidyOnce();
      return work();
    });
  }

  /**
   * Replaces the version `seen` of a job's file (`undefined`: creates the file) with `text`.
   * @param sync `content` for a version that a power loss may revert to the previous one
   */
  async replace(
    id: string,
    text: string,
    seen: JobVersion | undefined,
    sync: true | 'content',
  ): Promise<void> {
    const { folder } = this.#files;
    if (!seen) wrapUnavailable(`cannot make ${folder}`, () => makePrivateFolder(folder));
    await writeFileDurably(this.#files.pathOf(id), text, {
      sync,
      beforeReplace: () => this.assertUnchanged(id, seen),
      fileSystem: this.#fileSystem,
    });
  }

  /** Removes the version `seen` of a job's file. */
  async remove(id: string, seen: JobVersion): Promise<void> {
    const file = this.#files.pathOf(id);
    this.assertUnchanged(id, seen);
    try {
      unlinkSync(file);
      await syncFolder(this.#files.folder, this.#fileSystem);
    } catch (error) {
      throw unavailable(`cannot remove ${file}`, error);
    }
  }

  /** Closes the lock file; a later write opens it again. */
  close(): void {
    this.#lock.close();
  }

  /** Makes {@link write} start again when a job's file is no longer the version `seen`. */
  assertUnchanged(id: string, seen: JobVersion | undefined): void {
    if (!this.#files.isUnchanged(id, seen)) throw new ConcurrentEditError();
  }

  #tidyOnce(): void {
    if (this.#tidied) return;
    this.#tidied = true;
    sweepTempFiles(this.#files.folder);
    try {
      this.#tidy();
    } catch {
      // The cleanup can wait for the next process; the requested change cannot.
    }
  }
}
