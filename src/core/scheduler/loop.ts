import { cancelRun } from '../run/cancel-run.ts';
import type { RunRecord } from '../run/record.ts';
import { reconcileRuns } from '../run/recovery.ts';
import { nextQueuedInstant } from '../run/run-queue.ts';
import type { Workspace } from '../workspace.ts';
import { watchClock } from './clock-watch.ts';
import { Dispatcher } from './dispatcher.ts';
import { schedulerHolder } from './holder.ts';
import { RuntimeCopies } from './runtime-copies.ts';
import type { SchedulerLog } from './scheduler-log.ts';
import { Timetable } from './timetable.ts';

/** Never asleep longer than this, so that a clock that jumps over an occurrence costs no more, in milliseconds. */
const LONGEST_SLEEP_MS = 5_000;
/** How soon a row that another process wrote is seen. */
const LOOK_EVERY_MS = 250;
/** How soon a run process that died is noticed when it was not ours. */
const CARE_EVERY_MS = 1_000;

/**
 * The scheduler's loop: one clock reading a tick, due occurrences decided and started before their next ones are
 * computed. Decisions are pure functions and conditional rows; the loop only acts, and survives its own errors.
 */
export class SchedulerLoop {
  readonly #workspace: Workspace;
  readonly #slots: number;
  readonly #log: SchedulerLog;
  readonly #timetable: Timetable;
  readonly #copies: RuntimeCopies;
  readonly #dispatcher: Dispatcher;
  readonly #clockJump: () => number;
  readonly #timers = new Map<string, () => void>();
  #seenVersion = 0;
  #caredAt = Number.NEGATIVE_INFINITY;
  #state: 'running' | 'stopping' | 'stopped' = 'running';
  readonly #onStopRequested: (how: 'graceful' | 'force') => void;

  /** @param onStopRequested called when another process asks this scheduler to stop */
  constructor(
    workspace: Workspace,
    slots: number,
    log: SchedulerLog,
    onStopRequested: (how: 'graceful' | 'force') => void,
  ) {
    this.#workspace = workspace;
    this.#slots = slots;
    this.#log = log;
    this.#onStopRequested = onStopRequested;
    this.#timetable = new Timetable(workspace, log);
    this.#copies = new RuntimeCopies(workspace.jobs, (message) => log('warn', message));
    this.#dispatcher = new Dispatcher(workspace, (run) => {
      log(run.error ? 'warn' : 'info', `run ${run.runId} of job ${run.jobId} ${endInWords(run)}`);
      this.#copies.want(run.jobId);
      this.#wake();
    });
    this.#clockJump = watchClock(workspace.clock);
  }

  /** Plans all jobs and begins to tick. */
  begin(): void {
    this.#timetable.load();
    this.#look();
    this.#tick();
  }

  /** Jobs whose files changed are planned anew. */
  jobsChanged(ids: readonly string[]): void {
    if (this.#state !== 'running') return;
    for (const id of ids) this.#timetable.plan(id, this.#workspace.clock.now());
    this.#wake();
  }

  /** Starts nothing more, then waits until no run is under way; with `force` they are cancelled. */
  async stop(force: boolean): Promise<void> {
    this.#state = 'stopping';
    this.#callOff();
    await this.#endRuns(force);
    this.#state = 'stopped';
    await this.#copies.flush();
  }

  nextOccurrence(): number | undefined {
    return this.#timetable.next();
  }

  async #endRuns(force: boolean): Promise<void> {
    const underWay = () =>
      this.#workspace.runs.active().filter(({ status }) => status === 'running' || status === 'starting');
    if (force) {
      const by = 'scheduler stop --force';
      await Promise.all(underWay().map((run) => cancelRun(this.#workspace, run.runId, by)));
    }
    let waiting = underWay().length;
    if (waiting > 0)
      this.#log('info', `waiting for ${waiting} running ${waiting === 1 ? 'run' : 'runs'} to end`);
    while (waiting > 0) {
      await new Promise<void>((wake) => this.#workspace.clock.setTimer(wake, LOOK_EVERY_MS));
      // A second request may be more urgent than the first.
      if (!force && schedulerHolder(this.#workspace.db)?.stopRequested === 'force')
        return this.#endRuns(true);
      reconcileRuns(this.#workspace);
      waiting = underWay().length;
    }
  }

  #tick(): void {
    if (this.#state !== 'running') return;
    this.#guard(() => {
      const now = this.#workspace.clock.now();
      const jump = this.#clockJump();
      if (jump !== 0) {
        this.#log(
          'warn',
          `the clock jumped by ${Math.round(jump / 1000)} s (set, or the machine slept); planning anew`,
        );
        this.#timetable.load();
      }
      const due = this.#timetable.decideDue(now);
      this.#dispatch(now);
      for (const jobId of due.jobs) {
        this.#timetable.plan(jobId, now);
        this.#copies.want(jobId);
      }
      for (const runId of due.cancel) this.#cancelForNext(runId);
    });
    this.#sleep();
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
    cancelRun(this.#workspace, runId, 'scheduler (overlap: cancel_running)').then(
      () => this.#wake(),
      (error) => this.#log('error', `run ${runId} could not be cancelled: ${String(error)}`),
    );
  }

  /** Looks for what other processes wrote, and after the runs that are under way. */
  #look(): void {
    if (this.#state !== 'running') return;
    this.#guard(() => {
      const version = this.#workspace.db.dataVersion();
      const wrote = version !== this.#seenVersion;
      this.#seenVersion = version;
      if (this.#workspace.clock.monotonic() - this.#caredAt >= CARE_EVERY_MS) {
        this.#caredAt = this.#workspace.clock.monotonic();
        for (const run of reconcileRuns(this.#workspace)) {
          this.#log(
            'warn',
            `run ${run.runId} of job ${run.jobId}: ${run.error?.message ?? run.status}; now ${run.status}`,
          );
          this.#copies.want(run.jobId);
        }
      }
      if (wrote) {
        const stop = schedulerHolder(this.#workspace.db)?.stopRequested;
        if (stop) this.#onStopRequested(stop);
        this.#wake();
      }
    });
    this.#call('look', () => this.#look(), LOOK_EVERY_MS);
  }

  #wake(): void {
    if (this.#state === 'running') this.#call('tick', () => this.#tick(), 0);
  }

  #sleep(): void {
    const now = this.#workspace.clock.now();
    const queued = nextQueuedInstant(this.#workspace.db);
    // A run that is due and was not started waits for a slot: the end of a run wakes us.
    const next = Math.min(
      this.#timetable.next() ?? Number.POSITIVE_INFINITY,
      queued !== undefined && queued > now ? queued : Number.POSITIVE_INFINITY,
    );
    this.#call('tick', () => this.#tick(), Math.min(Math.max(next - now, 0), LONGEST_SLEEP_MS));
  }

  #call(name: string, work: () => void, ms: number): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#workspace.clock.setTimer(work, ms));
  }

  #callOff(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
}

function endInWords(run: RunRecord): string {
  if (run.error) return `${run.status.replace('_', ' ')}: ${run.error.kind}: ${run.error.message}`;
  return `${run.status}: ${run.items} items from ${run.pages} pages`;
}
