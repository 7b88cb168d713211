import type { JobStore } from '../jobs/job-store.ts';
import type { Clock } from '../lib/clock.ts';

const WRITE_DELAY_MS = 1_000;

/**
 * Copies status, last and next run into the job files. Calls for the same job within a second become one write, and
 * files are written one at a time. The copies are for people and their tools. The program reads them only when the
 * database was lost or the time zone data have changed.
 */
export class RuntimeCopyWriter {
  readonly #jobs: JobStore;
  readonly #pending = new Set<string>();
  readonly #onError: (message: string) => void;
  readonly #clock: Clock;
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(jobs: JobStore, clock: Clock, onError: (message: string) => void) {
    this.#jobs = jobs;
    this.#clock = clock;
    this.#onError = onError;
  }

  schedule(jobId: string): void {
    this.#pending.add(jobId);
    this.#cancelTimer ??= this.#clock.setTimer(() => void this.flush(), WRITE_DELAY_MS);
  }

  /** Discards all pending writes. */
  cancel(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#pending.clear();
  }

  /** Writes all pending copies now. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    const ids = [...this.#pending];
    this.#pending.clear();
    for (const id of ids) {
      try {
        await this.#jobs.copyRuntime(id);
      } catch (error) {
        this.#onError(`job ${id}: its file could not be updated: ${String(error)}`);
      }
    }
  }
}
