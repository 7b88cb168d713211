import type { RunRecord } from '../run/record.ts';
import { reconcileRun } from '../run/recovery.ts';
import { countUnderWay, startableRuns } from '../run/run-queue.ts';
import { startRun } from '../run/start-run.ts';
import type { Workspace } from '../workspace.ts';

/** Starts queued runs while slots are free, and looks at once after one whose process has ended. */
export class Dispatcher {
  readonly #workspace: Workspace;
  readonly #onEnded: (run: RunRecord) => void;

  /** @param onEnded called with the run when a process that this scheduler started for it has ended */
  constructor(workspace: Workspace, onEnded: (run: RunRecord) => void) {
    this.#workspace = workspace;
    this.#onEnded = onEnded;
  }

  /** Fills the free slots with the runs that may start now; returns those it started. */
  dispatch(now: number, slots: number): RunRecord[] {
    const { db } = this.#workspace;
    const started: RunRecord[] = [];
    for (let free = slots - countUnderWay(db); free > 0; ) {
      // Each start may hold back other runs of its job, so the next candidates are asked for anew.
      const batch = startableRuns(db, now, free);
      const busy = new Set<string>();
      const begun = batch.filter((run) => !busy.has(run.jobId) && this.#start(run) && busy.add(run.jobId));
      started.push(...begun);
      free -= begun.length;
      if (begun.length === 0) break;
    }
    return started;
  }

  #start(run: RunRecord): boolean {
    return startRun(this.#workspace, run, () => {
      const left = this.#workspace.runs.get(run.runId);
      if (left) this.#onEnded(reconcileRun(this.#workspace, left) ?? left);
    });
  }
}
