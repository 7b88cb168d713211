import { checkOptions, invalidArgument } from '../model/input-errors.ts';
import type { SchedulerLog } from '../scheduler/scheduler-log.ts';
import { SchedulerService } from '../scheduler/scheduler-service.ts';
import { type SchedulerStatus, schedulerStatus } from '../scheduler/scheduler-status.ts';
import { getWorkspace, JobManager } from './job-manager.ts';

/** The largest value of the setting `max_concurrent_runs`. */
const MAX_SLOTS = 1000;

export interface SchedulerOptions {
  /** The maximum number of concurrent runs; default: the setting `max_concurrent_runs` (4). */
  slots?: number | undefined;
  /** Receives one line per action of the scheduler; default: nothing is logged. */
  log?: SchedulerLog | undefined;
}

/** {@link SchedulerStatus} in the library's form: instants are dates. */
export type SchedulerState = Omit<SchedulerStatus, 'since' | 'nextRun' | 'executor'> & {
  since: Date | null;
  /** The earliest next occurrence of all enabled jobs. */
  nextRun: Date | null;
};

/**
 * Runs jobs according to their schedules. A home has at most one scheduler; it keeps Node
 * alive while it is running. Runs are separate processes and survive it.
 */
export class Scheduler {
  readonly #manager: JobManager;
  readonly #service: SchedulerService;

  /** @throws QuickscrapeError `invalid_params` */
  constructor(jobManager: JobManager, options: SchedulerOptions = {}) {
    if (!(jobManager instanceof JobManager))
      throw invalidArgument(
        'jobManager',
        jobManager,
        'a JobManager',
        'Write new Scheduler(new JobManager()).',
      );
    checkOptions(options, 'options', ['slots', 'log']);
    const { slots, log } = options;
    if (slots !== undefined && !(Number.isInteger(slots) && slots >= 1 && slots <= MAX_SLOTS))
      throw invalidArgument('slots', slots, `a whole number from 1 to ${MAX_SLOTS}`);
    if (log !== undefined && typeof log !== 'function') throw invalidArgument('log', log, 'a function');
    this.#manager = jobManager;
    this.#service = new SchedulerService(getWorkspace(jobManager), options);
  }

  /**
   * Takes the home's lease and starts to run due jobs.
   * @throws QuickscrapeError `scheduler_already_running`, which names the lease's holder
   */
  async start(): Promise<void> {
    await this.#service.start();
  }

  /**
   * Stops starting runs and lets started runs finish; with `force`, they are cancelled.
   * @throws QuickscrapeError `invalid_params`
   */
  async stop(options: { force?: boolean | undefined } = {}): Promise<void> {
    checkOptions(options, 'options', ['force']);
    const { force = false } = options;
    if (typeof force !== 'boolean') throw invalidArgument('force', force, 'true or false');
    await this.#service.stop({ force });
  }

  /** Whether this scheduler is running (`getStatus()` also covers other processes). */
  isRunning(): boolean {
    return this.#service.isRunning;
  }

  /** The known state of this home's scheduler, whichever process it is in. */
  getStatus(): SchedulerState {
    const { executor: _, ...status } = schedulerStatus(getWorkspace(this.#manager));
    const instant = (at: number | null) => (at === null ? null : new Date(at));
    return { ...status, since: instant(status.since), nextRun: instant(status.nextRun) };
  }
}
