import { mkdir } from 'node:fs/promises';
import { QuickscrapeError } from '../errors.ts';
import { sweepTempFiles, writeFileDurably } from './atomic-file.ts';
import { type FileStamp, type JobFiles, sameStamp } from './job-files.ts';
import { StoreLock } from './store-lock.ts';

const MOST_ATTEMPTS = 5;

/** Somebody without our lock, an editor, replaced a file between our reading and our writing. */
class ChangedMeanwhile extends Error {}

/** Writes job files under the store lock, and never over a version that was not read. */
export class JobWriter {
  readonly #files: JobFiles;
  readonly #lock: StoreLock;
  readonly #tidy: () => void;
  #tidied = false;

  /** @param tidy what else to clean up, once, before the first write */
  constructor(files: JobFiles, lockFile: string, tidy: () => void) {
    this.#files = files;
    this.#lock = new StoreLock(lockFile);
    this.#tidy = tidy;
  }

  /**
   * Runs `work`, which reads and then replaces files, under the store lock; once more when an editor was faster.
   * @throws QuickscrapeError `store_unavailable` when the lock stays taken; `conflict` when an editor is faster each time
   */
  async write<T>(work: () => Promise<T>): Promise<T> {
    return this.#lock.withLock(async () => {
      await mkdir(this.#files.folder, { recursive: true, mode: 0o700 });
      this.#tidyOnce();
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof ChangedMeanwhile)) throw error;
          if (attempt < MOST_ATTEMPTS) continue;
          throw new QuickscrapeError('conflict', 'another program changes the job file all the time', {
            hint: 'Close the program that writes it, or try again.',
          });
        }
      }
    });
  }

  /**
   * Puts `text` in the place of the version `seen` of a job's file (`undefined`: of none).
   * @param sync `false` for content that may be lost with the power
   */
  async replace(id: string, text: string, seen: FileStamp | undefined, sync: boolean): Promise<void> {
    const beforeReplace = () => {
      const now = this.#files.stamp(id);
      const same = now && seen ? sameStamp(now, seen) : now === seen;
      if (!same) throw new ChangedMeanwhile();
    };
    await writeFileDurably(this.#files.pathOf(id), text, { sync, beforeReplace });
  }

  /** Gives the lock's file back; a later write opens it again. */
  close(): void {
    this.#lock.close();
  }

  #tidyOnce(): void {
    if (this.#tidied) return;
    this.#tidied = true;
    sweepTempFiles(this.#files.folder);
    this.#tidy();
  }
}
