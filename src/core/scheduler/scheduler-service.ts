import type { Executor } from '../execution/executor.ts';
import { type FileWatcher, watchFiles } from '../fs/file-watcher.ts';
import { acquireLease, type Lease } from '../lease/lease.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { BUILD } from '../lib/program.ts';
import { rememberProgram } from '../lib/program-replaced.ts';
import type { Workspace } from '../workspace.ts';
import { openConfiguredExecutor } from './configured-executor.ts';
import { startHeartbeat } from './heartbeat.ts';
import { startMaintenance } from './maintenance.ts';
import { type SchedulerLog, suppressRepeatedErrors } from './scheduler-log.ts';
import { SchedulerLoop } from './scheduler-loop.ts';

export interface SchedulerServiceOptions {
  log?: SchedulerLog | undefined;
  /** Maximum number of concurrent runs; default: the setting `max_concurrent_runs` (4). */
  slots?: number | undefined;
  /** Called when it begins to stop, for any reason. */
  onStopping?: () => void;
}

/**
 * A scheduler on an open workspace: takes the lease, watches the job files, runs the loop, and releases everything at
 * the end.
 */
export class SchedulerService {
  readonly #workspace: Workspace;
  readonly #log: SchedulerLog;
  readonly #onStopping: () => void;
  readonly slots: number;
  #running:
    | { lease: Lease; loop: SchedulerLoop; watcher: FileWatcher; endMaintenance: () => Promise<void> }
    | undefined;
  #stopping: Promise<void> | undefined;
  #forced = false;
  #whenStopped: () => void = () => {};

  /** Settles when this scheduler has stopped, for any reason. */
  stopped: Promise<void> = Promise.resolve();
  /** Why it stopped by itself: it lost its lease, possibly together with the home. */
  loss: QuickscrapeError | undefined;

  constructor(workspace: Workspace, options: SchedulerServiceOptions = {}) {
    this.#workspace = workspace;
    this.#log = options.log ?? (() => {});
    this.#onStopping = options.onStopping ?? (() => {});
    this.slots = options.slots ?? workspace.settings.get('max_concurrent_runs');
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** When the next occurrence is due, epoch milliseconds; `undefined` for none. */
  nextRun(): number | undefined {
    return this.#running?.loop.nextRun();
  }

  /** @throws QuickscrapeError `scheduler_already_running` when another scheduler holds this home's lease */
  async start(): Promise<void> {
    if (this.#running) {
      throw new QuickscrapeError('scheduler_already_running', 'this scheduler was already started');
    }
    rememberProgram();
    const lease = await acquireLease(this.#workspace, BUILD, this.slots);
    this.loss = undefined;
    let watcher: FileWatcher | undefined;
    let endMaintenance: (() => Promise<void>) | undefined;
    let executor: Executor | undefined;
    try {
      executor = await openConfiguredExecutor(this.#workspace, this.slots, this.#log);
      const events = {
        onStopRequested: (mode: 'graceful' | 'force') => this.#stopOnRequest(mode),
        onDatabaseReplaced: () => lease.announce(),
        isLost: () => this.#isLost(lease),
      };
      const loop = new SchedulerLoop(this.#workspace, this.slots, this.#log, events, executor);
      watcher = watchFiles(this.#workspace.jobs, { onChange: (ids) => loop.jobsChanged(ids) });
      // The loop's first read of all files includes changes from before the watcher listens.
      await watcher.ready;
      const endOwnMaintenance = startMaintenance(this.#workspace, this.#log);
      const logHeartbeat = suppressRepeatedErrors(this.#log, this.#workspace.clock);
      const endHeartbeat = startHeartbeat(this.#workspace, (message) => logHeartbeat('error', message));
      endMaintenance = () => {
        endHeartbeat();
        return endOwnMaintenance();
      };
      this.#running = { lease, loop, watcher, endMaintenance };
      this.stopped = new Promise((resolve) => {
        this.#whenStopped = resolve;
      });
      loop.begin();
    } catch (error) {
      this.#running = undefined;
      this.#whenStopped();
      await endMaintenance?.();
      await watcher?.close();
      executor?.close();
      await executor?.dispose?.();
      lease.release();
      throw error;
    }
    this.#log(
      'info',
      `scheduler started: pid ${process.pid}, ${this.slots} slots, ${this.#workspace.paths.home}`,
    );
  }

  /**
   * Starts no more runs, lets active runs finish, then releases the lease. With `force` it cancels the active runs,
   * also when a graceful stop has already begun.
   */
  async stop(options: { force?: boolean } = {}): Promise<void> {
    this.#forced ||= options.force ?? false;
    const begins = this.isRunning && !this.isStopping;
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
      this.#forced = false;
    });
    if (begins) this.#onStopping();
    await this.#stopping;
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    try {
      await running.endMaintenance();
      await running.watcher.close();
      await running.loop.stop(() => this.#forced);
    } finally {
      this.#running = undefined;
      this.#log('info', 'scheduler stopped');
      this.#release(running.lease);
      this.#whenStopped();
    }
  }

  /**
   * A full disk or a locked database may prevent the removal of the lease row. That is harmless: the row names a dead
   * process, and is ignored.
   */
  #release(lease: Lease): void {
    try {
      lease.release();
    } catch (error) {
      this.#log('warn', `the scheduler's row could not be removed from the database: ${String(error)}`);
    }
  }

  /** Whether the lease was lost. If so, the scheduler stops without waiting for its runs, which end by themselves. */
  #isLost(lease: Lease): boolean {
    if (this.loss) return true;
    this.loss = lease.loss();
    if (!this.loss) return false;
    this.#log('error', this.loss.message);
    this.#stopOnRequest('graceful');
    return true;
  }

  #stopOnRequest(mode: 'graceful' | 'force'): void {
    this.stop({ force: mode === 'force' }).catch((error) =>
      this.#log('error', `stopping failed: ${String(error)}`),
    );
  }
}
