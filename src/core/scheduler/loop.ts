import { retryIfDamaged } from '../database/sql-errors.ts';
import { type Executor, localExecutor } from '../execution/executor.ts';
import { findLeaseHolder } from '../lease/holder.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import { advanceFutureRuns } from '../runs/adjust-deadlines.ts';
import { nextQueuedAfter } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';
import { AdoptedRuns } from './adopted-runs.ts';
import { isClockPlausible } from './clock-jump-detector.ts';
import { ClockJumpHandler } from './clock-jump-handler.ts';
import { monitorDiskSpace } from './disk-space-monitor.ts';
import { Dispatcher } from './dispatcher.ts';
import { UptimeRecorder } from './downtime.ts';
import { drainRuns } from './drain-runs.ts';
import { formatRunOutcome } from './format-run-outcome.ts';
import { logDataLoss } from './log-data-loss.ts';
import { NamedTimers } from './named-timers.ts';
import { RuntimeCopyWriter } from './runtime-copy-writer.ts';
import { SchedulePlan } from './schedule-plan.ts';
import { type SchedulerLog, suppressRepeatedErrors } from './scheduler-log.ts';
import { StandbyPool } from './standby-pool.ts';
import { handleZoneDataChange } from './zone-data-change.ts';

/** Never asleep longer than this, so that a clock that jumps over an occurrence costs no more, in milliseconds. */
const MAX_SLEEP_MS = 5_000;
/** How soon a row that another process wrote is seen. */
const POLL_INTERVAL_MS = 250;
/** How soon a run process that died is noticed when it was not ours. */
const RECONCILE_INTERVAL_MS = 1_000;
/** How long to wait after an error: a full disk or a locked database stays so for a while. */
const ERROR_DELAY_MS = 1_000;

export interface SchedulerLoopEvents {
  /** Another process asks this scheduler to stop. */
  onStopRequested(mode: 'graceful' | 'force'): void;
  /** The database's file is another one now: who holds the lease has to be written into it. */
  onDatabaseReplaced(): void;
  /** Asked all the time: whether the lease was lost, so that nothing may be done any more. Default: never. */
  isLost?(): boolean;
}

/**
 * The scheduler's loop: one clock reading a tick, due occurrences decided and started before their next ones are
 * computed. Decisions are pure functions and conditional rows; the loop only acts, and survives its own errors.
 */
export class SchedulerLoop {
  readonly #workspace: Workspace;
  readonly #slots: number;
  readonly #log: SchedulerLog;
  readonly #schedulePlan: SchedulePlan;
  readonly #copies: RuntimeCopyWriter;
  readonly #executor: Executor;
  readonly #dispatcher: Dispatcher;
  readonly #standbyPool: StandbyPool;
  readonly #adopted: AdoptedRuns;
  readonly #uptime: UptimeRecorder;
  readonly #clock: ClockJumpHandler;
  readonly #hasSpace: () => boolean;
  readonly #timers: NamedTimers;
  /** Jobs whose due occurrences have been decided and whose next one has not been worked out yet. */
  readonly #decided: string[] = [];
  #planAnew = false;
  #mustAnnounce = false;
  /** Since when nothing could be decided, epoch milliseconds. */
  #blockedSince: number | undefined;
  #changeVersion = '';
  #caredAt = Number.NEGATIVE_INFINITY;
  #state: 'running' | 'stopping' | 'stopped' = 'running';
  readonly #onStopRequested: (mode: 'graceful' | 'force') => void;
  readonly #onDatabaseReplaced: () => void;
  readonly #isLost: () => boolean;

  /** @param executor what carries the runs; default: processes of this machine */
  constructor(
    workspace: Workspace,
    slots: number,
    unfilteredLog: SchedulerLog,
    events: SchedulerLoopEvents,
    executor: Executor = localExecutor(workspace),
  ) {
    const log = suppressRepeatedErrors(unfilteredLog, workspace.clock);
    this.#workspace = workspace;
    this.#executor = executor;
    this.#slots = slots;
    this.#log = log;
    this.#onStopRequested = events.onStopRequested;
    this.#onDatabaseReplaced = events.onDatabaseReplaced;
    this.#isLost = () => events.isLost?.() ?? false;
    this.#schedulePlan = new SchedulePlan(workspace, log);
    this.#copies = new RuntimeCopyWriter(workspace.jobs, workspace.clock, (message) => log('warn', message));
    this.#dispatcher = new Dispatcher(workspace, executor, (run) => {
      this.#noteEnd(run);
      this.#wake();
    });
    this.#standbyPool = new StandbyPool(workspace, executor, this.#schedulePlan);
    this.#adopted = new AdoptedRuns(workspace);
    this.#uptime = new UptimeRecorder(workspace.db);
    this.#clock = new ClockJumpHandler(workspace, this.#uptime, log);
    this.#timers = new NamedTimers(workspace.clock);
    this.#hasSpace = monitorDiskSpace(workspace, log, (since) =>
      this.#uptime.recordDiskFull(since, workspace.clock.now()),
    );
  }

  /** Plans all jobs and begins to tick. */
  begin(): void {
    const { db, clock } = this.#workspace;
    const now = clock.now();
    if (isClockPlausible(now)) {
      retryIfDamaged(() => db.compareWithFiles());
      this.#guard(() => logDataLoss(this.#workspace, now, this.#log));
      retryIfDamaged(() => {
        this.#uptime.recordStart(now);
        advanceFutureRuns(db, now);
      });
      this.#guard(() => handleZoneDataChange(this.#workspace, this.#log));
    }
    this.#schedulePlan.load();
    for (const { runId, jobId } of this.#adopted.adopt())
      this.#log('info', `run ${runId} of job ${jobId} goes on`);
    this.#poll();
    this.#tick();
  }

  /** Jobs whose files changed are planned anew. */
  jobsChanged(ids: readonly string[]): void {
    if (this.#state !== 'running' || this.#isLost()) return;
    this.#plan(ids, this.#workspace.clock.now());
    this.#wake();
  }

  /** Starts nothing more, then waits until no run is under way; as soon as it `isForced()`, they are cancelled. */
  async stop(isForced: () => boolean): Promise<void> {
    this.#state = 'stopping';
    this.#timers.cancelAll();
    this.#standbyPool.discardAll();
    const { db, clock } = this.#workspace;
    // From here on nothing is started, however long the last run takes.
    if (!this.#isLost()) this.#guard(() => this.#uptime.recordSeen(clock.now()));
    await drainRuns(
      this.#workspace,
      this.#executor,
      this.#log,
      () => isForced() || findLeaseHolder(db)?.stopRequested === 'force',
      this.#isLost,
    );
    if (this.#isLost()) this.#copies.cancel();
    else
      this.#guard(() => {
        this.#dispatcher.reportEnded();
        for (const run of this.#adopted.takeEnded()) this.#noteEnd(run);
      });
    this.#state = 'stopped';
    await this.#copies.flush();
  }

  #tick(): void {
    if (this.#state !== 'running' || this.#isLost()) return;
    const followed = this.#guard(() => this.#followClock());
    const now = this.#workspace.clock.now();
    const planned = this.#guard(() => this.#planAnewIfNeeded());
    let hasSpace = false;
    const looked = this.#guard(() => {
      hasSpace = this.#hasSpace();
    });
    const decided = this.#guard(() => this.#decideDue(now));
    // What was put back is due since before this tick.
    if (!decided) this.#blockedSince ??= Math.min(now, this.#schedulePlan.next() ?? now);
    const dispatched = this.#guard(() => hasSpace && this.#dispatch(now));
    const isHealthy = [followed, planned, looked, decided, dispatched].every(Boolean);
    // Whatever went wrong, the jobs' next occurrences are worked out anew once it can be done.
    if (!isHealthy) this.#planAnew = true;
    this.#plan(this.#decided.splice(0), now);
    this.#guard(() => this.#standbyPool.check(now, isHealthy && hasSpace ? this.#slots : 0));
    this.#sleep(now, isHealthy ? 0 : ERROR_DELAY_MS);
  }

  #followClock(): void {
    const jump = this.#clock.detect();
    if (jump === 0) return;
    this.#planAnew ||= this.#schedulePlan.needsReplanning(jump, this.#workspace.clock.now());
    this.#clock.apply();
  }

  #planAnewIfNeeded(): void {
    if (!this.#planAnew) return;
    this.#schedulePlan.load();
    this.#planAnew = false;
  }

  #decideDue(now: number): void {
    if (this.#blockedSince !== undefined) this.#uptime.recordBlocked(this.#blockedSince, now);
    this.#blockedSince = undefined;
    const { jobs, cancel } = this.#schedulePlan.decideDue(now, (jobId, at) =>
      this.#standbyPool.runIdFor(jobId, at),
    );
    // Planned after what is due has been started: an occurrence must not wait for another one's calendar.
    this.#decided.push(...jobs);
    for (const runId of cancel) this.#cancelForNext(runId);
  }

  #plan(jobIds: readonly string[], now: number): void {
    for (const jobId of jobIds) {
      if (!this.#guard(() => this.#schedulePlan.plan(jobId, now))) this.#planAnew = true;
      this.#copies.schedule(jobId);
    }
  }

  #dispatch(now: number): void {
    for (const run of this.#dispatcher.dispatch(now, this.#slots)) {
      this.#log(
        'info',
        `run ${run.runId} of job ${run.jobId} started (${run.trigger}, attempt ${run.attempt + 1})`,
      );
    }
  }

  #cancelForNext(runId: string): void {
    this.#executor.cancel(runId, 'scheduler (overlap: cancel_running)').then(
      () => this.#wake(),
      (error) => this.#log('error', `run ${runId} could not be cancelled: ${String(error)}`),
    );
  }

  /** Looks for what was written, by whomever, and after the runs that are under way. */
  #poll(): void {
    if (this.#state !== 'running' || this.#isLost()) return;
    // First of all: after a jump every time limit lies wrong until it has followed.
    if (this.#guard(() => this.#followClock())) this.#guard(() => this.#reconcileRuns());
    this.#guard(() => {
      const changeVersion = this.#workspace.db.changeVersion();
      if (changeVersion === this.#changeVersion) return;
      this.#wake();
      const stop = findLeaseHolder(this.#workspace.db)?.stopRequested;
      this.#changeVersion = changeVersion;
      if (stop) this.#onStopRequested(stop);
    });
    this.#timers.set('look', () => this.#poll(), POLL_INTERVAL_MS);
  }

  #reconcileRuns(): void {
    const { db, clock, paths } = this.#workspace;
    const now = clock.monotonic();
    if (now - this.#caredAt < RECONCILE_INTERVAL_MS) return;
    this.#caredAt = now;
    if (isClockPlausible(clock.now())) this.#uptime.recordSeenIfDue(clock.now());
    if (db.reopenIfReplaced()) {
      this.#log('error', `${paths.database} was deleted or replaced; going on with the new one`);
      this.#mustAnnounce = true;
      this.#planAnew = true;
      this.#wake();
    }
    // Until it succeeds: nobody would see the scheduler, or could stop it.
    if (this.#mustAnnounce) this.#onDatabaseReplaced();
    this.#mustAnnounce = false;
    for (const notice of db.takeNotices()) this.#log('error', notice);
    const changed = this.#executor.reconcileAll();
    const known = new Set(changed.map(({ runId }) => runId));
    const adopted = this.#adopted.takeEnded().filter(({ runId }) => !known.has(runId));
    for (const run of [...changed, ...adopted]) this.#noteEnd(run);
  }

  #noteEnd(run: RunRecord): void {
    // Whoever opens the home next sees it; here nothing would be written any more, and the database may be closed.
    if (this.#state === 'stopped') return;
    this.#log(
      run.error ? 'warn' : 'info',
      `run ${run.runId} of job ${run.jobId} ${formatRunOutcome(run, this.#workspace.jobs.get(run.jobId))}`,
    );
    this.#copies.schedule(run.jobId);
  }

  #wake(): void {
    if (this.#state === 'running') this.#timers.set('tick', () => this.#tick(), 0);
  }

  /** @param now the tick's clock reading: what has become due since must not be taken for waiting for a slot */
  #sleep(now: number, atLeast: number): void {
    let next = Number.POSITIVE_INFINITY;
    this.#guard(() => {
      const queued = nextQueuedAfter(this.#workspace.db, now);
      next = Math.min(this.#schedulePlan.next() ?? next, queued ?? next, this.#standbyPool.nextCheckAt);
    });
    const wait = Math.min(Math.max(next - this.#workspace.clock.now(), atLeast), MAX_SLEEP_MS);
    this.#timers.set('tick', () => this.#tick(), wait);
  }

  /** Whether `work` went well; a failure is logged, and the loop goes on. */
  #guard(work: () => unknown): boolean {
    try {
      work();
      return true;
    } catch (error) {
      const known = error instanceof QuickscrapeError;
      this.#log(
        'error',
        known ? error.message : error instanceof Error ? (error.stack ?? '') : String(error),
      );
      return false;
    }
  }
}
