import { recordResult } from '../../core/execution/record-result.ts';
import { homeWorker } from '../../core/execution/run-process.ts';
import { finishCollectedRun } from '../../core/execution/start-run.ts';
import { WorkerPool } from '../../core/execution/worker-pool.ts';
import { isStartOver } from '../../core/runs/run-starts.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { RemoteRun } from './remote-runs.ts';

/** How many runs are checked and exported at the same time. */
const FINISHERS = 2;
/** A run that has waited for so long gets a second process, which takes longer to start, in milliseconds. */
const PATIENCE_MS = 1_000;
/** A run whose finishing processes died this often is given up. */
const MAX_TRIES = 3;

/** Has collected runs finished by workers of this machine, so that no export holds the scheduler up. */
export class RunFinisher {
  readonly #workspace: Workspace;
  readonly #pool: WorkerPool;
  readonly #onEnded: (token: string, runId: string) => void;
  /** How often each start was given to a process. */
  readonly #tries = new WeakMap<RemoteRun, number>();
  readonly #active = new Set<string>();
  readonly #waiting: { remote: RemoteRun; since: number }[] = [];
  /** How many are checked and exported now: without those whose commands are executed, which may take minutes. */
  #busy = 0;
  #cancelTimer: () => void = () => {};

  /** @param onEnded called when a run's outcome is recorded */
  constructor(workspace: Workspace, onEnded: (token: string, runId: string) => void) {
    this.#workspace = workspace;
    this.#onEnded = onEnded;
    this.#pool = new WorkerPool(homeWorker(workspace.paths), workspace.clock, FINISHERS, {
      isOver: (start) => isStartOver(workspace.db, start),
    });
  }

  /** Whether a process has this start. */
  has(token: string): boolean {
    return this.#active.has(token);
  }

  /** Gives a collected run to a process, unless one has it. */
  finish(remote: RemoteRun): void {
    if (this.#active.has(remote.token)) return;
    this.#active.add(remote.token);
    this.#waiting.push({ remote, since: this.#workspace.clock.monotonic() });
    this.#startWaiting();
  }

  /** Keeps a process ready, because a run will soon be collected. One that is busy will be free sooner than a new one. */
  keepReady(): void {
    if (this.#busy === 0) this.#pool.keepReady(1);
  }

  killHanging(): void {
    this.#pool.killHanging();
  }

  /** The processes end after the runs that they have. */
  close(): void {
    this.#cancelTimer();
    this.#waiting.length = 0;
    this.#pool.close();
  }

  #startWaiting(): void {
    const { clock } = this.#workspace;
    this.#cancelTimer();
    for (let [first] = this.#waiting; first && this.#busy < FINISHERS; [first] = this.#waiting) {
      const waitMs = this.#busy === 0 ? 0 : first.since + PATIENCE_MS - clock.monotonic();
      if (waitMs > 0) {
        this.#cancelTimer = clock.setTimer(() => this.#startWaiting(), waitMs);
        return;
      }
      this.#waiting.shift();
      void this.#execute(first.remote);
    }
  }

  async #execute(remote: RemoteRun): Promise<void> {
    let isBusy = true;
    this.#busy += 1;
    const free = () => {
      if (!isBusy) return;
      isBusy = false;
      this.#busy -= 1;
      this.#startWaiting();
    };
    const end = await finishCollectedRun(this.#workspace, remote.granted.run, this.#pool, free);
    this.#active.delete(remote.token);
    this.#check(remote, end.kind === 'ended' ? end.reason : 'it recorded no outcome');
    free();
  }

  #check(remote: RemoteRun, why: string): void {
    const { token, granted } = remote;
    const { runId } = granted.run;
    try {
      const run = this.#workspace.runs.get(runId);
      const tries = (this.#tries.get(remote) ?? 0) + 1;
      this.#tries.set(remote, tries);
      if (run?.status === 'running' && run.startToken === token) {
        // The executor gives it to another process when it next reconciles all runs.
        if (tries < MAX_TRIES) return;
        const message = `the process that was to finish it ended ${tries} times: ${why}`;
        recordResult(this.#workspace, run, { outcome: 'abandoned', error: { kind: 'abandoned', message } });
      }
      this.#onEnded(token, runId);
    } catch {
      // The database cannot be used now, or is closed: the next reconciliation of all runs finds it.
    }
  }
}
