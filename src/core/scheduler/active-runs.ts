import type { Executor } from '../execution/executor.ts';
import { pluralize } from '../lib/text.ts';
import { isRemote, isRunning, type RunRecord } from '../model/run-record.ts';
import { listRunning } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Runs that were already active when this scheduler started, also those of other machines. Their processes are not its children, so it polls the
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
 * Waits until no run of this machine is active. Runs of other machines go on without a scheduler. Cancels all the runs as soon as `isForced()` returns true. An error of the database or the
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
  let hasLoggedRemote = false;
  let cancelling: Promise<unknown> | undefined;
  while (!isLost()) {
    try {
      executor.reconcileAll();
      const runs = listRunning(workspace.db);
      if (runs.length > 0 && isForced()) cancelling ??= cancelAll(executor, runs, log);
      const remote = runs.filter(isRemote).length;
      const local = runs.length - remote;
      if (remote > 0 && !hasLoggedRemote && cancelling === undefined)
        log('info', `${pluralize(remote, 'run')} on other machines ${remote === 1 ? 'goes' : 'go'} on`);
      hasLoggedRemote = true;
      if (local === 0) break;
      if (!hasLogged) log('info', `waiting for ${pluralize(local, 'active run')} to finish`);
      hasLogged = true;
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
