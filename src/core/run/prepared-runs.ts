import type { HomePaths } from '../paths.ts';
import { type PreparedRun, prepareRun } from './prepared-run.ts';
import type { RunRecord } from './record.ts';
import { runFiles } from './run-files.ts';

/** The processes that wait for their runs, by the ids that these are going to have. */
export class PreparedRuns {
  readonly #paths: HomePaths;
  readonly #waiting = new Map<string, PreparedRun>();

  constructor(paths: HomePaths) {
    this.#paths = paths;
  }

  /** @throws QuickscrapeError as {@link prepareRun} does */
  prepare(runId: string, queued?: RunRecord): void {
    const prepared = prepareRun(this.#paths, runId, queued && runFiles(this.#paths, queued.jobId, runId));
    this.#waiting.set(runId, prepared);
    void prepared.ended.then(() => this.#waiting.delete(runId));
  }

  /** Hands out the one of a run, if there is one: the caller begins it or calls it off. */
  take(runId: string): PreparedRun | undefined {
    const prepared = this.#waiting.get(runId);
    this.#waiting.delete(runId);
    return prepared;
  }
}
