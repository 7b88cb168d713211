import type { HomePaths } from '../../fs/paths.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { runFiles } from '../../runs/run-files.ts';
import { type StandbyProcess, startStandby } from './standby-process.ts';

/** The processes that wait for their runs, by the ids that these are going to have. */
export class StandbyProcesses {
  readonly #paths: HomePaths;
  readonly #waiting = new Map<string, StandbyProcess>();

  constructor(paths: HomePaths) {
    this.#paths = paths;
  }

  /** @throws QuickscrapeError as {@link startStandby} does */
  prepare(runId: string, queued?: RunRecord): void {
    const prepared = startStandby(this.#paths, runId, queued && runFiles(this.#paths, queued.jobId, runId));
    this.#waiting.set(runId, prepared);
    void prepared.ended.then(() => this.#waiting.delete(runId));
  }

  /** Hands out the one of a run, if there is one: the caller begins it or calls it off. */
  take(runId: string): StandbyProcess | undefined {
    const prepared = this.#waiting.get(runId);
    this.#waiting.delete(runId);
    return prepared;
  }
}
