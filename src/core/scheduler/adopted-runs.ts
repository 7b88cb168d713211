import { isRunning, type RunRecord } from '../model/run-record.ts';
import { listRunning } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Runs that were already active when this scheduler started. Their processes are not its children, so it polls the
 * database to find out when they end.
 */
export class AdoptedRuns {
  readonly #workspace: Workspace;
  #runIds: string[] = [];

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Adopts the runs that are active now, and returns them. */
  adopt(): RunRecord[] {
    const runs = listRunning(this.#workspace.db);
    this.#runIds = runs.map(({ runId }) => runId);
    return runs;
  }

  /**
   * Returns the adopted runs whose attempt has ended since the last call, and forgets them: from then on they are
   * ordinary runs.
   */
  takeEnded(): RunRecord[] {
    if (this.#runIds.length === 0) return [];
    const runs = this.#runIds.flatMap((runId) => this.#workspace.runs.get(runId) ?? []);
    this.#runIds = runs.filter(isRunning).map(({ runId }) => runId);
    return runs.filter((run) => !isRunning(run));
  }
}
