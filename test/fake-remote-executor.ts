import type { Executor } from '../src/core/execution/executor.ts';
import { reconcileRun, reconcileRuns } from '../src/core/execution/reconcile-runs.ts';
import { recordResult } from '../src/core/execution/record-result.ts';
import type { AttemptResult, RunRecord } from '../src/core/model/run-record.ts';
import { tagsOfPool } from '../src/core/model/worker-names.ts';
import { claimRemoteStart, HANDED_OVER, markStarting, takeBackStart } from '../src/core/runs/run-starts.ts';
import { requestCancel } from '../src/core/runs/run-transitions.ts';
import type { Workspace } from '../src/core/workspace.ts';

interface FakeWorker {
  name: string;
  tags: readonly string[];
  slots: number;
}

interface HandedOver {
  run: RunRecord;
  token: string;
  worker: FakeWorker;
}

let starts = 0;

/** Hands runs over to workers that are only names: they claim, end and vanish when the test says so. */
export class FakeRemoteExecutor implements Executor {
  readonly #workspace: Workspace;
  readonly #workers = new Map<string, FakeWorker>();
  /** Pools of runs that were to start. */
  readonly #pools = new Set<string>();
  #onCapacity = () => {};
  /** Starts that no worker has claimed, and runs that one executes, oldest first. */
  handedOver: HandedOver[] = [];
  running: HandedOver[] = [];
  /** Told of each claim that succeeds. */
  onClaim: (run: RunRecord) => void = () => {};

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  keepReady(): void {}

  close(): void {}

  onCapacity(listener: () => void): void {
    this.#onCapacity = listener;
  }

  heldPools(): string[] {
    return [...this.#pools].filter((pool) => this.freeWorker(pool) === undefined);
  }

  freeWorker(pool: string): FakeWorker | undefined {
    const tags = tagsOfPool(pool);
    const used = (worker: FakeWorker) =>
      [...this.handedOver, ...this.running].filter((one) => one.worker === worker).length;
    return [...this.#workers.values()].find(
      (worker) => tags.every((tag) => worker.tags.includes(tag)) && used(worker) < worker.slots,
    );
  }

  start(run: RunRecord): boolean {
    this.#pools.add(run.pool);
    const worker = this.freeWorker(run.pool);
    if (!worker) return false;
    starts += 1;
    // Also after a simulated crash, which makes another executor, no token comes twice.
    const token = `token-${starts}`;
    if (!markStarting(this.#workspace.db, run.runId, token, null, HANDED_OVER)) return false;
    this.handedOver.push({ run, token, worker });
    return true;
  }

  comes(worker: FakeWorker): void {
    if (!this.#workers.has(worker.name)) this.#workers.set(worker.name, worker);
    this.#onCapacity();
  }

  /** A worker is silent for good: its runs are abandoned, and what it has not claimed is taken back. */
  goes(name: string): void {
    const worker = this.#workers.get(name);
    if (!worker) return;
    this.#workers.delete(name);
    for (const { run, token } of this.running.filter((one) => one.worker === worker))
      this.end(run.runId, token, 'abandoned');
    for (const { token } of this.handedOver.filter((one) => one.worker === worker)) this.takeBack(token);
  }

  /** @returns whether the claim succeeded */
  claim({ run, token, worker }: HandedOver): boolean {
    const { db, clock } = this.#workspace;
    const claimed = claimRemoteStart(db, run.runId, token, worker.name, clock.now(), 3_600_000);
    const handed = this.handedOver.find((one) => one.token === token);
    this.handedOver = this.handedOver.filter((one) => one !== handed);
    if (!claimed) {
      if (handed) this.#onCapacity();
      return false;
    }
    this.running.push({ run, token, worker });
    this.onClaim(claimed);
    return true;
  }

  takeBack(token: string): void {
    takeBackStart(this.#workspace.db, token);
    this.handedOver = this.handedOver.filter((one) => one.token !== token);
    this.#onCapacity();
  }

  end(runId: string, token: string, outcome: AttemptResult['outcome']): void {
    const run = this.#workspace.runs.get(runId);
    const error = outcome === 'succeeded' ? null : { kind: outcome, message: 'as the test says' };
    if (run?.status === 'running' && run.startToken === token)
      recordResult(this.#workspace, run, { outcome, error });
    this.running = this.running.filter((one) => one.token !== token);
    this.#onCapacity();
  }

  async cancel(runId: string, by: string): Promise<void> {
    requestCancel(this.#workspace.db, runId, by, this.#workspace.clock.now());
    const one = this.running.find(({ run }) => run.runId === runId);
    if (one) this.end(runId, one.token, 'cancelled');
    this.handedOver = this.handedOver.filter(({ run }) => run.runId !== runId);
    this.#onCapacity();
  }

  reconcileAll(): RunRecord[] {
    return reconcileRuns(this.#workspace);
  }

  reconcile(run: RunRecord): RunRecord | undefined {
    return reconcileRun(this.#workspace, run);
  }
}
