import { unlinkSync } from 'node:fs';
import { ConcurrentEditError, editUnderLock, StoreLock } from '../database/locks.ts';
import { sweepTempFiles, syncFolder, writeFileDurably } from '../fs/atomic-file.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { unavailable, wrapUnavailable } from '../fs/unavailable.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { JobRecord, JobState } from '../model/job-record.ts';
import { MAX_JOB_FILE_BYTES, toJobDict } from '../model/job-record.ts';
import type { JobFiles, JobVersion } from './job-files.ts';

/** The text of a job's file. @throws QuickscrapeError `invalid_params` for one larger than a job file may be */
export function renderJob(record: JobRecord, state: JobState): string {
  const text = toJsonText(toJobDict(record, state));
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
  /** What else to clean up, once, before the first write. */
  tidy(): void;
}

/**
 * Writes job files under the store lock, and never over a version that was not read. The last look at a file and its
 * replacement follow each other without a wait: an editor, which knows no lock, can lose a change only by writing
 * within these microseconds, or by writing into a file that it opened before them.
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
   * Runs `work`, which reads and then replaces files, under the store lock; once more when an editor was faster.
   * @throws QuickscrapeError `store_unavailable` when the lock stays taken; `conflict` when an editor is faster each time
   */
  async write<T>(work: () => Promise<T>): Promise<T> {
    return editUnderLock(this.#lock, 'the job file', () => {
      this.#tidyOnce();
      return work();
    });
  }

  /**
   * Puts `text` in the place of the version `seen` of a job's file (`undefined`: of none).
   * @param sync `content` for a version that the power may take back, to the one before it
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

  /** Gives the lock's file back; a later write opens it again. */
  close(): void {
    this.#lock.close();
  }

  /** Lets {@link write} begin again when a job's file is not the version `seen` any more. */
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
      // It can wait for the next process; the change that was asked for cannot.
    }
  }
}
