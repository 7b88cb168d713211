import type { HomePaths } from '../../fs/paths.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { runFiles } from '../../runs/run-files.ts';
import { type StandbyProcess, startStandby } from './standby-process.ts';

/** The standby processes, by the ids of their future runs. */
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

  /** Removes and returns a run's standby process, if any. The caller must start or discard it. */
  take(runId: string): StandbyProcess | undefined {
    const prepared = this.#waiting.get(runId);
    this.#waiting.delete(runId);
    return prepared;
  }
}
