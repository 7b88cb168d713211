import type { Executor } from '../run/executor.ts';
import type { RunRecord } from '../run/record.ts';
import { runsUnderWay, startableRuns } from '../run/run-queue.ts';
import { startTogether } from '../run/start-together.ts';
import type { Workspace } from '../workspace.ts';

/** Starts queued runs while slots are free, and looks at once after one whose process has ended. */
export class Dispatcher {
  readonly #workspace: Workspace;
  readonly #executor: Executor;
  readonly #onEnded: (run: RunRecord) => void;

  /** @param onEnded called with the run when a process that this scheduler started for it has ended */
  constructor(workspace: Workspace, executor: Executor, onEnded: (run: RunRecord) => void) {
    this.#workspace = workspace;
    this.#executor = executor;
    this.#onEnded = onEnded;
  }

  /** Fills the free slots with the runs that may start now; returns those it started. */
  dispatch(now: number, slots: number): RunRecord[] {
    const { db, settings } = this.#workspace;
    const perHost = settings.get('max_runs_per_host');
    const started: RunRecord[] = [];
    for (;;) {
      const underWay = runsUnderWay(db);
      const free = slots - underWay.length;
      const batch = free > 0 ? startableRuns(db, now, free, perHost) : [];
      // Each start may hold back others of its job or host, so further candidates are asked for anew.
      const begun = startTogether(batch, underWay, perHost).filter((run) => this.#start(run));
      started.push(...begun);
      if (begun.length === 0) return started;
    }
  }

  #start(run: RunRecord): boolean {
    return this.#executor.start(run, () => {
      const left = this.#workspace.runs.get(run.runId);
      if (left) this.#onEnded(this.#executor.lookAfter(left) ?? left);
    });
  }
}
