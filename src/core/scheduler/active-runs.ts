import type { Executor } from '../execution/executor.ts';
import { isRunning, type RunRecord } from '../model/run-record.ts';
import { listRunning } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';
import type { SchedulerLog } from './scheduler-log.ts';

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

const POLL_INTERVAL_MS = 250;

/**
 * Waits until no run is active. Cancels the runs as soon as `isForced()` returns true. An error of the database or the
 * disk is logged and the wait continues, because runs do not depend on this process. Returns at once when the lease
 * `isLost()`.
 */
export async function drainRuns(
  workspace: Workspace,
  executor: Executor,
  log: SchedulerLog,
  isForced: () => boolean,
  isLost: () => boolean = () => false,
): Promise<void> {
  let hasLogged = false;
  let cancelling: Promise<unknown> | undefined;
  while (!isLost()) {
    try {
      executor.reconcileAll();
      const runs = listRunning(workspace.db);
      if (runs.length === 0) break;
      if (!hasLogged)
        log('info', `waiting for ${runs.length} active ${runs.length === 1 ? 'run' : 'runs'} to finish`);
      hasLogged = true;
      if (isForced()) cancelling ??= cancelAll(executor, runs, log);
    } catch (error) {
      log(
        'error',
        `while waiting for runs to end: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    await new Promise<void>((resolve) => workspace.clock.setTimer(resolve, POLL_INTERVAL_MS));
  }
  await cancelling;
}

async function cancelAll(executor: Executor, runs: readonly RunRecord[], log: SchedulerLog): Promise<void> {
  const cancelled = runs.map((run) => executor.cancel(run.runId, 'scheduler stop --force'));
  for (const result of await Promise.allSettled(cancelled)) {
    if (result.status === 'rejected') log('error', `a run could not be cancelled: ${String(result.reason)}`);
  }
}
