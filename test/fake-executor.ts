import type { Executor } from '../src/core/execution/executor.ts';
import { recordResult } from '../src/core/execution/record-result.ts';
import type { AttemptResult, RunRecord } from '../src/core/model/run-record.ts';
import { claimStart, markStarting } from '../src/core/runs/run-starts.ts';
import { requestCancel } from '../src/core/runs/run-transitions.ts';
import type { Workspace } from '../src/core/workspace.ts';

const NOBODY = { pid: 0, start: 'by hand', bootId: 'by hand' };

/** Carries runs without any process: they are claimed at once and go on until the test, or `takes`, ends them. */
export class FakeExecutor implements Executor {
  readonly #workspace: Workspace;
  readonly #endListeners = new Map<string, (runId: string) => void>();
  /** Runs end by themselves after this long and succeed; `undefined`: not before they are told to. */
  runDurationMs: number | undefined = 0;
  timeoutMs = 3_600_000;
  /** Workers that wait for a run. A worker ends with its run. */
  ready = 0;
  /** Runs that found a worker waiting. */
  readonly startedWarm: string[] = [];
  /** Told of each start. */
  onStart: (run: RunRecord) => void = () => {};
  /** Runs that were found with their time used up. */
  readonly overdue: string[] = [];

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  keepReady(count: number): void {
    this.ready = Math.max(this.ready, count);
  }

  close(): void {
    this.ready = 0;
  }

  start(run: RunRecord, onEnded: (runId: string) => void): boolean {
    const { db, clock } = this.#workspace;
    const now = clock.now();
    if (!markStarting(db, run.runId, run.runId, now + 30_000)) return false;
    if (!claimStart(db, run.runId, run.runId, NOBODY, now, this.timeoutMs)) return false;
    if (this.ready > 0) this.startedWarm.push(run.runId);
    this.ready = Math.max(0, this.ready - 1);
    this.#endListeners.set(run.runId, onEnded);
    this.onStart(run);
    if (this.runDurationMs !== undefined) clock.setTimer(() => this.end(run.runId), this.runDurationMs);
    return true;
  }

  /** Ends the attempt of a run that is under way. */
  end(runId: string, outcome: AttemptResult['outcome'] = 'succeeded'): void {
    const run = this.#workspace.runs.get(runId);
    const error = outcome === 'succeeded' ? null : { kind: outcome, message: 'as the test says' };
    if (run?.status === 'running') recordResult(this.#workspace, run, { outcome, error });
    this.#endListeners.get(runId)?.(runId);
    this.#endListeners.delete(runId);
  }

  async cancel(runId: string, by: string): Promise<void> {
    requestCancel(this.#workspace.db, runId, by, this.#workspace.clock.now());
    this.end(runId, 'cancelled');
  }

  reconcileAll(): RunRecord[] {
    for (const run of this.#workspace.runs.active()) {
      if (run.deadline !== null && this.#workspace.clock.now() > run.deadline) this.overdue.push(run.runId);
    }
    return [];
  }

  reconcile(): undefined {
    return undefined;
  }

  /** As if the scheduler that started them had been killed: nobody is told any more. */
  dropEndListeners(): void {
    this.#endListeners.clear();
  }
}
