import { randomUUID } from 'node:crypto';
import { cancelRun } from '../../core/execution/cancel-run.ts';
import type { Executor } from '../../core/execution/executor.ts';
import { reconcileRun, reconcileRuns } from '../../core/execution/reconcile-runs.ts';
import { recordResult } from '../../core/execution/record-result.ts';
import { isRemote, type RunRecord } from '../../core/model/run-record.ts';
import { isAlive } from '../../core/process/identity.ts';
import { listRunning } from '../../core/runs/run-queue.ts';
import { HANDED_OVER, markStarting, takeBackStart } from '../../core/runs/run-starts.ts';
import { FALLBACK_AFTER_MS } from '../../core/runs/wait-reason.ts';
import { type ExecutorState, writeExecutorState } from '../../core/workers/executor-state.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { WorkerLetter } from '../protocol/messages.ts';
import type { RedisAccess } from '../protocol/redis-client.ts';
import { ConnectedWorkers } from './connected-workers.ts';
import { HomeLink } from './home-link.ts';
import { InvitedKeys } from './invited-keys.ts';
import { LocalRuns } from './local-runs.ts';
import { staysAtHome } from './make-grant.ts';
import { RemoteRuns } from './remote-runs.ts';
import { RunFinisher } from './run-finisher.ts';
import { WorkerDesk } from './worker-desk.ts';

/** A start that no worker has claimed for this long may be lost with Redis, in milliseconds. */
const UNCLAIMED_MS = 30_000;
/** When a start is offered again after it could not be handed over, in milliseconds. */
const RETRY_MS = 1_000;
/** How long after its time limit a worker may take to say how a run ended, in milliseconds. */
const OVERDUE_GRACE_MS = 60_000;

interface RemoteExecutorOptions {
  redis: RedisAccess;
  /** The maximum number of runs at the same time. */
  slots: number;
  log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** Executes runs in workers on other machines. Rows of this home decide everything; Redis only carries messages. */
export class RemoteExecutor implements Executor {
  readonly #workspace: Workspace;
  readonly #log: RemoteExecutorOptions['log'];
  readonly #slots: number;
  readonly #keys: InvitedKeys;
  readonly #workers = new ConnectedWorkers();
  readonly #runs: RemoteRuns;
  readonly #link: HomeLink;
  readonly #desk: WorkerDesk;
  readonly #finisher: RunFinisher;
  readonly #local: LocalRuns;
  /** Pools that runs were to start in. */
  readonly #pools = new Set<string>(['']);
  readonly #onEnded = new Map<string, (runId: string) => void>();
  /** Starts that no worker has claimed, and when Redis is asked about them, on the monotonic clock. */
  readonly #handedOver = new Map<string, { runId: string; pool: string; askAt: number }>();
  #onCapacity: () => void = () => {};
  #isClosed = false;
  #wasConnected = false;

  constructor(workspace: Workspace, { redis, slots, log }: RemoteExecutorOptions) {
    this.#workspace = workspace;
    this.#log = log;
    this.#slots = slots;
    this.#keys = new InvitedKeys(workspace.paths, workspace.clock);
    const warn = (message: string) => log('warn', message);
    this.#finisher = new RunFinisher(workspace, (token, runId) => {
      this.#runs.forget(token);
      this.#noteEnd(token, runId);
    });
    this.#local = new LocalRuns(workspace, slots, warn);
    this.#runs = new RemoteRuns(workspace, {
      onCollected: (run) => {
        this.#workers.ended(run.token);
        this.#onCapacity();
        this.#finisher.finish(run);
      },
      onEnded: (token, run) => {
        this.#noteEnd(token, run.runId);
        this.#onCapacity();
      },
      warn,
    });
    this.#link = new HomeLink({
      redis,
      homeId: this.#keys.homeId,
      workerKey: (name) => this.#keys.ofWorker(name),
      poolKey: (pool) => this.#keys.ofPool(pool),
      onLetter: (letter) => this.#onLetter(letter),
      isOutdated: (letter) => this.#desk.isOutdated(letter),
      onForeignProtocol: (worker, protocol) => this.#desk.answerForeign(worker, protocol),
      onHandOverFailed: ({ token }) => this.#takeBack(token, workspace.clock.now() + RETRY_MS),
      onState: () => this.#onLinkState(),
      onEcho: () => this.#desk.heardItself(),
      warn,
    });
    this.#desk = new WorkerDesk(workspace, {
      keys: this.#keys,
      workers: this.#workers,
      runs: this.#runs,
      pools: this.#pools,
      link: this.#link,
      log,
    });
  }

  /** Takes over the runs of an earlier scheduler, and begins to hear workers. */
  open(): void {
    this.#onLinkState();
    for (const run of listRunning(this.#workspace.db)) {
      if (run.worker === null) continue;
      this.#pools.add(run.pool);
      if (run.status === 'starting' || this.#runs.revertUnanswered(run))
        this.#noteHandedOver(run, run.startToken ?? '', 0);
    }
    this.#link.listen();
  }

  describe(): ExecutorState {
    const { isConnected, problem } = this.#link.state;
    return {
      redis: isConnected ? 'connected' : 'away',
      since: this.#workspace.clock.now() - this.#redisStateMs(),
      prefix: this.#link.prefix,
      ...(problem !== undefined && { problem }),
    };
  }

  onCapacity(listener: () => void): void {
    this.#onCapacity = listener;
  }

  keepReady(count: number): void {
    const slots = this.#workspace.settings.get('executor_local_slots');
    const remote = this.#workers.freeSlots(this.#heardSince());
    this.#local.keepReady(Math.max(0, Math.min(count - remote, slots - this.#local.size)));
  }

  start(run: RunRecord, onEnded: (runId: string) => void): boolean {
    this.#pools.add(run.pool);
    if (this.#isClosed) return false;
    const isSent = this.#link.state.isConnected && this.#hasRemoteCapacity(run.pool);
    if (isSent && !staysAtHome(this.#workspace, run)) return this.#handOver(run, onEnded);
    return this.#hasLocalCapacity(run.pool) && this.#local.start(run, onEnded);
  }

  heldPools(): readonly string[] {
    return [...this.#pools].filter(
      (pool) =>
        !this.#hasLocalCapacity(pool) && !(this.#link.state.isConnected && this.#hasRemoteCapacity(pool)),
    );
  }

  async cancel(runId: string, by: string): Promise<unknown> {
    const before = this.#workspace.runs.get(runId);
    const cancelled = cancelRun(this.#workspace, runId, by);
    if (before?.worker !== null && before?.status === 'starting')
      void this.#link.takeBack(before.startToken ?? '', before.pool);
    else if (before) this.#desk.cancel(before, by);
    return cancelled;
  }

  reconcileAll(): RunRecord[] {
    this.#keys.refresh();
    this.#desk.tick();
    this.#runs.restoreRows();
    const changed = reconcileRuns(this.#workspace, (run) => this.#tryReconcile(run));
    this.#forgetEnded();
    this.#finisher.killHanging();
    this.#local.killHanging();
    // The caller that has started a run hears of its end anyway.
    return changed.filter(({ runId }) => !this.#reportEnd(runId));
  }

  reconcile(run: RunRecord): RunRecord | undefined {
    return run.worker === null ? reconcileRun(this.#workspace, run) : this.#reconcileRemote(run);
  }

  /** Starts that no worker has claimed are taken back; the others go on, and the next scheduler hears of them. */
  close(): void {
    this.#isClosed = true;
    for (const [token, { pool }] of this.#handedOver)
      if (this.#takeBack(token)) void this.#link.takeBack(token, pool);
    this.#local.close();
  }

  /** Closes the connections, after the runs that were collected have been finished. */
  async dispose(): Promise<void> {
    await this.#link.close();
    this.#finisher.close();
  }

  #handOver(run: RunRecord, onEnded: (runId: string) => void): boolean {
    const { db, clock } = this.#workspace;
    const token = randomUUID();
    if (!markStarting(db, run.runId, token, clock.now(), HANDED_OVER)) return false;
    this.#onEnded.set(run.runId, onEnded);
    this.#noteHandedOver(run, token, clock.monotonic() + UNCLAIMED_MS);
    this.#desk.announcePool(run.pool);
    this.#link.handOver(run.pool, { run: run.runId, token });
    return true;
  }

  #noteHandedOver({ runId, pool }: RunRecord, token: string, askAt: number): void {
    this.#handedOver.set(token, { runId, pool, askAt });
    this.#workers.handedOver(token, pool);
  }

  async #onLetter(letter: WorkerLetter): Promise<void> {
    const hadHeldPools = this.heldPools().length > 0;
    await this.#desk.answer(letter);
    this.#runs.recordProgress();
    for (const message of letter.messages) {
      if (message.kind !== 'claim') continue;
      this.#handedOver.delete(message.token);
      // Refused: another process has cancelled it.
      if (!this.#runs.get(message.token)) this.#noteEnd(message.token, message.run);
      this.#finisher.keepReady();
    }
    if (hadHeldPools) this.#onCapacity();
  }

  #onLinkState(): void {
    try {
      writeExecutorState(this.#workspace.db, this.describe());
    } catch {
      // Only informative, and written again with the next change.
    }
    const { isConnected, problem } = this.#link.state;
    if (problem !== undefined) this.#log('warn', problem);
    if (isConnected && !this.#wasConnected) {
      this.#desk.reconnected();
      this.#onCapacity();
    }
    this.#wasConnected = isConnected;
  }

  /** A run whose folder cannot be used now must not keep the others from being reconciled. */
  #tryReconcile(run: RunRecord): RunRecord | undefined {
    try {
      return this.#reconcileRemote(run);
    } catch (error) {
      this.#log('warn', `run ${run.runId}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  #reconcileRemote(run: RunRecord): RunRecord | undefined {
    const token = run.startToken ?? '';
    if (run.status === 'starting') this.#askForStart(run, token);
    if (run.status !== 'running' || this.#runs.isClaiming(token)) return undefined;
    const remote = this.#runs.adopt(run);
    if (remote === undefined)
      return this.#abandon(run, `what worker ${run.worker} was given is no longer in the folder of the run`);
    if (remote.isCollected) {
      if (run.process === null || !isAlive(run.process)) this.#finisher.finish(remote);
      return undefined;
    }
    if (!isRemote(run)) return undefined;
    if (run.cancelRequestedAt !== null) this.#desk.cancel(run, run.cancelRequestedBy ?? '');
    if (remote.lostBecause !== undefined) return this.#abandon(run, remote.lostBecause);
    // While the home hears nothing, the silence of a worker says nothing about it.
    if (!this.#link.state.isConnected || !this.#desk.canHear()) return undefined;
    const { clock } = this.#workspace;
    const hearingMs = clock.monotonic() - this.#desk.connectedSince;
    const isOverdue = clock.now() > (run.deadline ?? Number.POSITIVE_INFINITY) + OVERDUE_GRACE_MS;
    if (isOverdue && hearingMs > OVERDUE_GRACE_MS && !remote.isSending) return this.#endOverdue(run);
    const silentMs = Math.min(clock.monotonic() - remote.heardAt, hearingMs);
    if (silentMs < this.#lostAfterMs()) return undefined;
    const seconds = Math.round(silentMs / 1000);
    const why = `its worker ${run.worker} has not been heard for ${seconds} s: it died, or is cut off`;
    return this.#abandon(run, why);
  }

  #endOverdue(run: RunRecord): RunRecord | undefined {
    this.#desk.cancel(run, 'the home (timeout)');
    return this.#end(run, {
      outcome: 'timed_out',
      error: {
        kind: 'timeout',
        message: 'the run took longer than the job allows (timeout), and its worker did not end it',
      },
    });
  }

  #abandon(run: RunRecord, message: string): RunRecord | undefined {
    return this.#end(run, { outcome: 'abandoned', error: { kind: 'abandoned', message } });
  }

  #end(run: RunRecord, result: Parameters<typeof recordResult>[2]): RunRecord | undefined {
    const ended = recordResult(this.#workspace, run, result);
    this.#runs.forget(run.startToken ?? '');
    this.#workers.ended(run.startToken ?? '');
    return ended;
  }

  /** No worker has claimed a start for long: perhaps no worker is free, perhaps Redis has lost it. */
  #askForStart(run: RunRecord, token: string): void {
    const now = this.#workspace.clock.monotonic();
    const { askAt = 0 } = this.#handedOver.get(token) ?? {};
    if (now < askAt) return;
    this.#noteHandedOver(run, token, now + UNCLAIMED_MS);
    if (this.#isLeftAlone(run.pool) && this.#takeBack(token))
      return void this.#link.takeBack(token, run.pool);
    // It never rejects.
    void this.#link.isQueued(token, run.pool).then((isQueued) => isQueued === false && this.#takeBack(token));
  }

  /** Whether no worker will take a start for now: as a queued run, it says why it waits, and may start here. */
  #isLeftAlone(pool: string): boolean {
    if (!this.#link.state.isConnected) return this.#hasLocalCapacity(pool);
    // With `executor_ahead`, starts wait for workers that an autoscaler has yet to start.
    if (this.#workspace.settings.get('executor_ahead') > 0) return false;
    const hearingMs = this.#workspace.clock.monotonic() - this.#desk.connectedSince;
    return hearingMs > UNCLAIMED_MS && this.#workers.serving(pool, this.#heardSince()).length === 0;
  }

  #takeBack(token: string, notBefore?: number): boolean {
    try {
      const run = takeBackStart(this.#workspace.db, token, notBefore);
      this.#handedOver.delete(token);
      this.#workers.ended(token);
      if (run) this.#reportEnd(run.runId);
      this.#onCapacity();
      return run !== undefined;
    } catch (error) {
      // The database cannot be written now: the start is asked for again later.
      this.#log('warn', `a start could not be taken back: ${String(error)}`);
      return false;
    }
  }

  /** A start needs no worker any more. */
  #noteEnd(token: string, runId: string): void {
    this.#workers.ended(token);
    this.#reportEnd(runId);
  }

  /** @returns whether the end was reported to the caller that has started the run */
  #reportEnd(runId: string): boolean {
    const run = this.#workspace.runs.get(runId);
    if (run?.status === 'running' || run?.status === 'starting') return false;
    const onEnded = this.#onEnded.get(runId);
    this.#onEnded.delete(runId);
    onEnded?.(runId);
    return onEnded !== undefined;
  }

  /** Runs that were cancelled or ended by other processes. */
  #forgetEnded(): void {
    for (const { token, granted } of this.#runs.list()) {
      if (this.#finisher.has(token)) continue;
      const run = this.#workspace.runs.get(granted.run.runId);
      if (run?.status === 'running' && run.startToken === token) continue;
      this.#runs.forget(token);
      this.#noteEnd(token, granted.run.runId);
    }
    for (const [token, { runId, pool }] of this.#handedOver) {
      const run = this.#workspace.runs.get(runId);
      if (run?.status === 'starting' && run.startToken === token) continue;
      this.#handedOver.delete(token);
      if (this.#runs.get(token)) continue;
      // Another process has cancelled it.
      void this.#link.takeBack(token, pool);
      this.#noteEnd(token, runId);
    }
  }

  #hasRemoteCapacity(pool: string): boolean {
    const ahead = this.#workspace.settings.get('executor_ahead');
    return this.#workers.hasCapacity(pool, this.#heardSince(), ahead);
  }

  #hasLocalCapacity(pool: string): boolean {
    if (pool !== '') return false;
    const { settings } = this.#workspace;
    const isAlone = settings.get('executor_fallback') === 'local' && this.#areWorkersAway();
    return this.#local.size < (isAlone ? this.#slots : settings.get('executor_local_slots'));
  }

  #areWorkersAway(): boolean {
    const isRedisAway = !this.#link.state.isConnected && this.#redisStateMs() > FALLBACK_AFTER_MS;
    const hasWorkers = this.#workers.serving('', this.#heardSince()).length > 0;
    return (
      isRedisAway ||
      (!hasWorkers && this.#workspace.clock.monotonic() - this.#desk.openedAt > FALLBACK_AFTER_MS)
    );
  }

  #redisStateMs(): number {
    return performance.now() - this.#link.state.since;
  }

  #heardSince(): number {
    return this.#workspace.clock.monotonic() - this.#lostAfterMs();
  }

  #lostAfterMs(): number {
    return 1000 * this.#workspace.settings.get('worker_lost_after');
  }
}
