import type { HomePaths } from '../fs/paths.ts';
import type { RunRecord } from '../model/run-record.ts';
import { runFiles } from '../runs/run-files.ts';
import type { Workspace } from '../workspace.ts';
import { cancelRun } from './cancel-run.ts';
import { reconcileRun, reconcileRuns } from './reconcile-runs.ts';
import { type StandbyProcess, startStandby } from './standby-process.ts';
import { startRun } from './start-run.ts';

/** Executes a scheduler's runs. Tests replace it with one that needs no processes. */
export interface Executor {
  /**
   * Starts a standby process for a run that is about to start under this id, so that it begins sooner. A failure costs
   * only this advantage.
   * @param queued the run, if it is already in the queue: earlier attempts may have begun it
   */
  prepare(runId: string, queued?: RunRecord): void;
  /** Discards the standby process of a run that has not been started; does nothing without one. */
  discard(runId: string): void;
  /**
   * Starts a queued run; returns false when it cannot be started (any more).
   * @param onEnded called when the run's process has ended, if the caller still lives
   */
  start(run: RunRecord, onEnded: (runId: string) => void): boolean;
  /** Ends a run; settles when it has finished. */
  cancel(runId: string, by: string): Promise<unknown>;
  /** Reconciles all active runs; returns those that changed. */
  reconcileAll(): RunRecord[];
  reconcile(run: RunRecord): RunRecord | undefined;
}

/** Executes runs as processes on this machine. */
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

/** The standby processes, by the ids of their future runs. */
class StandbyProcesses {
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
