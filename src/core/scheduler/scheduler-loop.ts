import { retryIfDamaged } from '../database/sql-errors.ts';
import { type Executor, localExecutor } from '../execution/executor.ts';
import { MessengerStarter } from '../execution/start-messenger.ts';
import { monitorDiskSpace } from '../fs/disk-space.ts';
import { findLeaseHolder } from '../lease/lease.ts';
import { NamedTimers } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import { nextQueuedAfter } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';
import { AdoptedRuns, drainRuns } from './active-runs.ts';
import { advanceFutureRuns, ClockJumpHandler, isClockPlausible } from './clock-jump.ts';
import { Dispatcher } from './dispatcher.ts';
import { UptimeRecorder } from './downtime.ts';
import { ReadyWorkers } from './ready-workers.ts';
import { RuntimeCopyWriter } from './runtime-copy-writer.ts';
import { SchedulePlan } from './schedule-plan.ts';
import { formatRunOutcome, logDataLoss, type SchedulerLog, suppressRepeatedErrors } from './scheduler-log.ts';
import { handleZoneDataChange } from './zone-data-change.ts';

/** Longest sleep, in milliseconds. It limits the delay when the clock jumps over an occurrence. */
const MAX_SLEEP_MS = 5_000;
/** How soon the loop sees a row that another process wrote. */
const POLL_INTERVAL_MS = 250;
/** How soon the loop notices the death of a worker that is not its child. */
const RECONCILE_INTERVAL_MS = 1_000;
/** How long to wait after an error. A full disk or a locked database usually lasts for a while. */
const ERROR_DELAY_MS = 1_000;

export interface SchedulerLoopEvents {
  /** Called when another process asks this scheduler to stop. */
  onStopRequested(mode: 'graceful' | 'force'): void;
  /** Called when the database file was replaced: the lease holder has to be written into the new file. */
  onDatabaseReplaced(): void;
  /** Returns whether the lease was lost, after which the loop may not act. Called often. Default: never lost. */
  isLost?(): boolean;
}

/**
 * The scheduler's loop. Each tick reads the clock once, decides and starts due occurrences, and only then computes the
 * next ones. Decisions are pure functions and conditional row updates; the loop only acts, and survives its own errors.
 */
export class SchedulerLoop {
  readonly #workspace: Workspace;
  readonly #slots: number;
  readonly #log: SchedulerLog;
  readonly #schedulePlan: SchedulePlan;
  readonly #copies: RuntimeCopyWriter;
  readonly #executor: Executor;
  readonly #dispatcher: Dispatcher;
  readonly #readyWorkers: ReadyWorkers;
  readonly #messenger: MessengerStarter;
  readonly #adopted: AdoptedRuns;
  readonly #uptime: UptimeRecorder;
  readonly #clock: ClockJumpHandler;
  readonly #hasSpace: () => boolean;
  readonly #timers: NamedTimers;
  /** Jobs whose due occurrences are decided, and whose next occurrence is not computed yet. */
  readonly #decided: string[] = [];
  #needsReplan = false;
  #mustAnnounce = false;
  /** Since when no decision was possible, epoch milliseconds. */
  #blockedSince: number | undefined;
  #changeVersion = '';
  #reconciledAt = Number.NEGATIVE_INFINITY;
  #state: 'running' | 'stopping' | 'stopped' = 'running';
  readonly #onStopRequested: (mode: 'graceful' | 'force') => void;
  readonly #onDatabaseReplaced: () => void;
  readonly #isLost: () => boolean;

  /** @param executor executes the runs, and ends with the loop; default: processes on this machine */
  constructor(
    workspace: Workspace,
    slots: number,
    unfilteredLog: SchedulerLog,
    events: SchedulerLoopEvents,
    executor: Executor = localExecutor(workspace, slots, (message) => unfilteredLog('warn', message)),
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
      this.#logRunEnd(run);
      this.#wake();
    });
    executor.onCapacity?.(() => this.#wake());
    this.#readyWorkers = new ReadyWorkers(workspace, executor, this.#schedulePlan);
    this.#messenger = new MessengerStarter(workspace, (message) => log('warn', message));
    this.#adopted = new AdoptedRuns(workspace);
    this.#uptime = new UptimeRecorder(workspace.db);
    this.#clock = new ClockJumpHandler(workspace, this.#uptime, log);
    this.#timers = new NamedTimers(workspace.clock);
    this.#hasSpace = monitorDiskSpace(workspace, log, (since) =>
      this.#uptime.recordDiskFull(since, workspace.clock.now()),
    );
  }

  /** Plans all jobs and starts ticking. */
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
      this.#log('info', `run ${runId} of job ${jobId} continues`);
    this.#poll();
    this.#tick();
  }

  /** When the next occurrence is due, epoch milliseconds; `undefined` for none. */
  nextRun(): number | undefined {
    return this.#schedulePlan.next();
  }

  /** Replans jobs whose files have changed. */
  jobsChanged(ids: readonly string[]): void {
    if (this.#state !== 'running' || this.#isLost()) return;
    this.#plan(ids, this.#workspace.clock.now());
    this.#wake();
  }

  /** Starts no more runs, then waits until no run is active. Cancels the runs as soon as `isForced()` returns true. */
  async stop(isForced: () => boolean): Promise<void> {
    this.#state = 'stopping';
    this.#timers.cancelAll();
    this.#executor.close();
    const { db, clock } = this.#workspace;
    // Recorded before the drain: no run starts from here on, however long the last one takes.
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
        for (const run of this.#adopted.takeEnded()) this.#logRunEnd(run);
      });
    this.#state = 'stopped';
    await this.#executor.dispose?.();
    await this.#copies.flush();
  }

  #tick(): void {
    if (this.#state !== 'running' || this.#isLost()) return;
    const followed = this.#guard(() => this.#followClock());
    const now = this.#workspace.clock.now();
    const planned = this.#guard(() => this.#replanIfNeeded());
    let hasSpace = false;
    const looked = this.#guard(() => {
      hasSpace = this.#hasSpace();
    });
    const decided = this.#guard(() => this.#decideOccurrences(now));
    // Occurrences that were put back became due before this tick.
    if (!decided) this.#blockedSince ??= Math.min(now, this.#schedulePlan.next() ?? now);
    const dispatched = this.#guard(() => hasSpace && this.#dispatch(now));
    const isHealthy = [followed, planned, looked, decided, dispatched].every(Boolean);
    // After any error, all next occurrences are computed again as soon as that is possible.
    if (!isHealthy) this.#needsReplan = true;
    this.#plan(this.#decided.splice(0), now);
    this.#guard(() => this.#messenger.check(now));
    this.#guard(() => this.#readyWorkers.check(now, isHealthy && hasSpace ? this.#slots : 0));
    this.#sleep(now, isHealthy ? 0 : ERROR_DELAY_MS);
  }

  #followClock(): void {
    const jump = this.#clock.detect();
    if (jump === 0) return;
    this.#needsReplan ||= this.#schedulePlan.needsReplanning(jump, this.#workspace.clock.now());
    this.#clock.apply();
  }

  #replanIfNeeded(): void {
    if (!this.#needsReplan) return;
    this.#schedulePlan.load();
    this.#needsReplan = false;
  }

  #decideOccurrences(now: number): void {
    if (this.#blockedSince !== undefined) this.#uptime.recordBlocked(this.#blockedSince, now);
    this.#blockedSince = undefined;
    const { jobs, cancel } = this.#schedulePlan.decideOccurrences(now);
    // Planned only after the due runs have started: an occurrence must not wait while another job's next occurrence is
    // computed.
    this.#decided.push(...jobs);
    for (const runId of cancel) this.#cancelForNext(runId);
  }

  #plan(jobIds: readonly string[], now: number): void {
    for (const jobId of jobIds) {
      if (!this.#guard(() => this.#schedulePlan.plan(jobId, now))) this.#needsReplan = true;
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

  /** Checks for rows that any process has written, and reconciles active runs. */
  #poll(): void {
    if (this.#state !== 'running' || this.#isLost()) return;
    // First, because after a jump every time limit is wrong until the rows are adjusted.
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
    if (now - this.#reconciledAt < RECONCILE_INTERVAL_MS) return;
    this.#reconciledAt = now;
    if (isClockPlausible(clock.now())) this.#uptime.recordSeenIfDue(clock.now());
    const isReplaced = db.reopenIfReplaced();
    const notices = db.takeNotices();
    for (const notice of notices) this.#log('error', notice);
    if (isReplaced) {
      // A notice already says what happened: the file was damaged, missing or older.
      if (notices.length === 0)
        this.#log(
          'error',
          `${paths.database} was deleted or replaced; the scheduler continues with the new one`,
        );
      this.#mustAnnounce = true;
      this.#needsReplan = true;
      this.#wake();
    }
    // Repeated until it succeeds. Without this row, other processes could not see or stop the scheduler.
    if (this.#mustAnnounce) this.#onDatabaseReplaced();
    this.#mustAnnounce = false;
    const changed = this.#executor.reconcileAll();
    const known = new Set(changed.map(({ runId }) => runId));
    const adopted = this.#adopted.takeEnded().filter(({ runId }) => !known.has(runId));
    for (const run of [...changed, ...adopted]) this.#logRunEnd(run);
  }

  #logRunEnd(run: RunRecord): void {
    // After the stop nothing more may be written, and the database may be closed. The next process that opens the home
    // sees the result.
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

  /** @param now the tick's clock reading; a later one would treat runs that became due since as waiting for a slot */
  #sleep(now: number, atLeast: number): void {
    let next = Number.POSITIVE_INFINITY;
    this.#guard(() => {
      const queued = nextQueuedAfter(this.#workspace.db, now);
      next = Math.min(this.#schedulePlan.next() ?? next, queued ?? next, this.#readyWorkers.nextCheckAt);
    });
    const wait = Math.min(Math.max(next - this.#workspace.clock.now(), atLeast), MAX_SLEEP_MS);
    this.#timers.set('tick', () => this.#tick(), wait);
  }

  /** Returns whether `work` succeeded; logs a failure and does not rethrow it. */
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
