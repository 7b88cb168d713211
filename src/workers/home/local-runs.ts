import { homeWorker } from '../../core/execution/run-process.ts';
import { startRun } from '../../core/execution/start-run.ts';
import { WorkerPool } from '../../core/execution/worker-pool.ts';
import type { RunRecord } from '../../core/model/run-record.ts';
import { isStartOver } from '../../core/runs/run-starts.ts';
import type { Workspace } from '../../core/workspace.ts';

/** The runs that a home executes itself, beside its workers on other machines. */
export class LocalRuns {
  readonly #workspace: Workspace;
  readonly #pool: WorkerPool;
  readonly #active = new Set<string>();

  /** @param slots the maximum number of runs at the same time */
  constructor(workspace: Workspace, slots: number, warn: (message: string) => void) {
    this.#workspace = workspace;
    this.#pool = new WorkerPool(homeWorker(workspace.paths), workspace.clock, slots, {
      isOver: (start) => isStartOver(workspace.db, start),
      warn,
    });
  }

  /** The number of active runs that were started here. */
  get size(): number {
    return this.#active.size;
  }

  /** Starts a queued run, as `startRun` does. */
  start(run: RunRecord, onEnded: (runId: string) => void): boolean {
    this.#active.add(run.runId);
    const end = (runId: string) => {
      this.#active.delete(runId);
      onEnded(runId);
    };
    const isStarted = startRun(this.#workspace, run, end, this.#pool);
    if (!isStarted) this.#active.delete(run.runId);
    return isStarted;
  }

  keepReady(count: number): void {
    this.#pool.keepReady(count);
  }

  killHanging(): void {
    this.#pool.killHanging();
  }

  close(): void {
    this.#pool.close();
  }
}
