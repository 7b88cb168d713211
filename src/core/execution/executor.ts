import type { RunRecord } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';
import { cancelRun } from './cancel-run.ts';
import { reconcileRun, reconcileRuns } from './reconcile-runs.ts';
import { StandbyProcesses } from './standby/standby-processes.ts';
import { startRun } from './start-run.ts';

/** How a scheduler has its runs carried. The tests put one in its place that needs no processes. */
export interface Executor {
  /**
   * Makes all ready for a run that is going to be started under this id in a moment: then it begins the sooner. What
   * fails costs only that.
   * @param queued the run, if it is in the queue already: perhaps it has been begun before
   */
  prepare(runId: string, queued?: RunRecord): void;
  /** Gives up what was made ready for a run that has not been started; does nothing where there is nothing. */
  discard(runId: string): void;
  /**
   * Starts a queued run; false when it cannot be started (any more).
   * @param onEnded called when whoever carries it has ended, if the caller still lives
   */
  start(run: RunRecord, onEnded: (runId: string) => void): boolean;
  /** Ends a run; settles when it is over. */
  cancel(runId: string, by: string): Promise<unknown>;
  /** Looks after all runs that are not over; returns those that changed. */
  reconcileAll(): RunRecord[];
  reconcile(run: RunRecord): RunRecord | undefined;
}

/** Runs as processes of this machine. */
export function localExecutor(workspace: Workspace): Executor {
  const prepared = new StandbyProcesses(workspace.paths);
  return {
    prepare: (runId, queued) => prepared.prepare(runId, queued),
    discard: (runId) => prepared.take(runId)?.discard(),
    start: (run, onEnded) => startRun(workspace, run, onEnded, prepared.take(run.runId)),
    cancel: (runId, by) => cancelRun(workspace, runId, by),
    reconcileAll: () => reconcileRuns(workspace),
    reconcile: (run) => reconcileRun(workspace, run),
  };
}
