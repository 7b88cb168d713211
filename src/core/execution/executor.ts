import type { RunRecord } from '../model/run-record.ts';
import { isStartOver } from '../runs/run-starts.ts';
import type { ExecutorState } from '../workers/executor-state.ts';
import type { Workspace } from '../workspace.ts';
import { cancelRun } from './cancel-run.ts';
import { reclaimRemoteRun, reconcileRun, reconcileRuns } from './reconcile-runs.ts';
import { homeWorker } from './run-process.ts';
import { startRun } from './start-run.ts';
import { WorkerPool } from './worker-pool.ts';

/** Executes a scheduler's runs. Tests replace it with one that needs no processes. */
export interface Executor {
  /**
   * Prepares for `count` runs that are about to start, so that they begin sooner. A failure costs only this advantage.
   */
  keepReady(count: number): void;
  /**
   * Starts a queued run; returns false when it cannot be started (any more).
   * @param onEnded called when the attempt has ended, if the caller still lives
   */
  start(run: RunRecord, onEnded: (runId: string) => void): boolean;
  /** Ends a run; settles when it has finished. */
  cancel(runId: string, by: string): Promise<unknown>;
  /** Reconciles all active runs; returns those that changed. */
  reconcileAll(): RunRecord[];
  reconcile(run: RunRecord): RunRecord | undefined;
  /** Starts no more runs. Those that are active continue. */
  close(): void;
  /**
   * The pools (tags, joined by commas; '' without tags) whose runs it cannot start now. After `start` returned false
   * for want of a worker, the pool of that run is among them. Default: none.
   */
  heldPools?(): readonly string[];
  /** `listener` is called when runs that could not start before may start now: a worker has come, or has a free slot. */
  onCapacity?(listener: () => void): void;
  /** How it reaches other machines; omitted for an executor that uses none. */
  describe?(): ExecutorState;
  /** Closes its connections, after {@link close} and the last run of this machine. */
  dispose?(): Promise<void>;
}

/**
 * Executes runs in workers on this machine.
 * @param slots the maximum number of runs at the same time
 * @param warn receives messages about workers that fail while they execute no run
 */
export function localExecutor(
  workspace: Workspace,
  slots: number,
  warn?: (message: string) => void,
): Executor {
  const pool = new WorkerPool(homeWorker(workspace.paths), workspace.clock, slots, {
    ...(warn && { warn }),
    isOver: (start) => isStartOver(workspace.db, start),
  });
  /** Learned from the runs that were to start: a home without pools is asked nothing. */
  const held = new Set<string>();
  return {
    keepReady: (count) => pool.keepReady(count),
    start(run, onEnded) {
      if (run.pool !== '') held.add(run.pool);
      return startRun(workspace, run, onEnded, pool);
    },
    heldPools: () => [...held],
    cancel: (runId, by) => cancelRun(workspace, runId, by),
    reconcileAll() {
      const changed = reconcileRuns(workspace, (run) => reclaimRemoteRun(workspace, run));
      pool.killHanging();
      return changed;
    },
    reconcile: (run) => reconcileRun(workspace, run),
    close: () => pool.close(),
  };
}
