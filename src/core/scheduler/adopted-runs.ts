import { isRunning, type RunRecord } from '../model/run-record.ts';
import { listRunning } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';

/**
 * The runs that were under way when this scheduler began: their processes are not its children, so it has to look
 * whether they have ended.
 */
export class AdoptedRuns {
  readonly #workspace: Workspace;
  #runIds: string[] = [];

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Takes over what is under way now, and returns it. */
  adopt(): RunRecord[] {
    const runs = listRunning(this.#workspace.db);
    this.#runIds = runs.map(({ runId }) => runId);
    return runs;
  }

  /** Those whose attempt has ended since the last look; from then on they are like any other run. */
  takeEnded(): RunRecord[] {
    if (this.#runIds.length === 0) return [];
    const runs = this.#runIds.flatMap((runId) => this.#workspace.runs.get(runId) ?? []);
    this.#runIds = runs.filter(isRunning).map(({ runId }) => runId);
    return runs.filter((run) => !isRunning(run));
  }
}
