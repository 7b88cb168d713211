import type { Executor } from '../execution/executor.ts';
import type { JobEntry, JobRecord, JobState } from '../model/job-record.ts';
import type { RunRecord } from '../model/run-record.ts';
import { listActiveRunsByJob, listRunning, nextQueuedAfter, queuedBetween } from '../runs/run-queue.ts';
import { selectStartable } from '../runs/startable-runs.ts';
import type { ActiveRun } from '../schedule/overlap.ts';
import { hasLateStart } from '../schedule/start-delay.ts';
import type { Workspace } from '../workspace.ts';
import type { PlannedOccurrence } from './occurrence-queue.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import { decideSkip } from './skip-queued.ts';

/**
 * How long before an instant the workers of its runs start, in milliseconds. Starting one takes 0.3 to 0.4 s here; four
 * at once on a small machine take about 2 s. A worker that is not ready in time is still ready sooner than one that is
 * started at the instant.
 */
const LEAD_MS = 2_000;
/** With less time left than this, no worker is started, in milliseconds: the run would not begin sooner. */
const MIN_LEAD_MS = 250;
/** Minimum time between two checks for upcoming runs, in milliseconds, whatever wakes the scheduler. */
const CHECK_INTERVAL_MS = 100;
/** How long to wait after an error, in milliseconds. */
const ERROR_DELAY_MS = 1_000;
/**
 * The most upcoming occurrences and waiting runs that are checked, those of the highest rank first. If none of them may
 * start, the others start without this.
 */
const MAX_CHECKED = 500;
/** Number of jobs that are checked together. It takes 3 to 5 ms, most of it for their files. */
const BATCH_SIZE = 50;

/** A run that is expected to start within the lead. */
interface UpcomingRun {
  jobId: string;
  host: string | null;
  /** Its occurrence cancels the active runs of its job. */
  isReplacement: boolean;
}

/**
 * Makes the executor ready shortly before runs begin, up to the number of free slots. A run's first request then does
 * not wait for a process to start. Runs that ask for a worker with certain tags do not start here. Every step here may fail or turn out to be unnecessary: the run then starts in a new
 * worker.
 */
export class ReadyWorkers {
  readonly #workspace: Workspace;
  readonly #executor: Executor;
  readonly #plan: SchedulePlan;
  /** Earliest time of the next check, on the monotonic clock. */
  #checkNotBefore = Number.NEGATIVE_INFINITY;
  /** When to check again, epoch milliseconds. */
  nextCheckAt = Number.POSITIVE_INFINITY;

  constructor(workspace: Workspace, executor: Executor, plan: SchedulePlan) {
    this.#workspace = workspace;
    this.#executor = executor;
    this.#plan = plan;
  }

  /**
   * Checks for runs that begin soon.
   * @param slots maximum number of active runs; 0: prepares none
   * @throws any database error
   */
  check(now: number, slots: number): void {
    this.nextCheckAt = Number.POSITIVE_INFINITY;
    if (slots === 0) return;
    const monotonic = this.#workspace.clock.monotonic();
    if (monotonic < this.#checkNotBefore) {
      this.#checkAgainBy(now + this.#checkNotBefore - monotonic);
      return;
    }
    this.#checkNotBefore = monotonic + CHECK_INTERVAL_MS;
    try {
      this.#prepare(now, slots);
    } catch (error) {
      this.#checkAgainBy(now + ERROR_DELAY_MS);
      throw error;
    }
  }

  #prepare(now: number, slots: number): void {
    const { db, settings } = this.#workspace;
    const span = { after: now + MIN_LEAD_MS, until: now + LEAD_MS };
    const { planned, beyond } = this.#plan.peek({ ...span, most: MAX_CHECKED });
    for (const next of [beyond, nextQueuedAfter(db, span.until)])
      if (next !== undefined) this.#checkAgainBy(Math.max(next - LEAD_MS, now + CHECK_INTERVAL_MS));
    const active = listRunning(db);
    const free = slots - active.length;
    if (free <= 0) return;
    const perHost = settings.get('max_runs_per_host');
    const upcoming = this.#queued(span, active);
    let count = countStartable(upcoming, active, perHost);
    for (let from = 0; count < free && from < planned.length; from += BATCH_SIZE) {
      upcoming.push(...this.#planned(planned.slice(from, from + BATCH_SIZE)));
      count = countStartable(upcoming, active, perHost);
    }
    if (count > 0) this.#executor.keepReady(Math.min(count, free));
  }

  #checkAgainBy(at: number): void {
    this.nextCheckAt = Math.min(this.nextCheckAt, at);
  }

  /** Runs that wait in the queue for their instant: retries, and runs that start later than they were due. */
  #queued({ after, until }: { after: number; until: number }, active: readonly RunRecord[]): UpcomingRun[] {
    const { db, jobs } = this.#workspace;
    const runs = queuedBetween(db, after, until, MAX_CHECKED);
    if (runs.length === 0) return [];
    const entries = jobs.getMany(runs.map(({ jobId }) => jobId));
    const busy = new Set(active.map(({ jobId }) => jobId));
    return runs
      .filter((run) => willQueuedRunStart(run, entries.get(run.jobId), busy))
      .map(({ jobId, host }) => ({ jobId, host, isReplacement: false }));
  }

  #planned(planned: readonly PlannedOccurrence[]): UpcomingRun[] {
    if (planned.length === 0) return [];
    const { db, jobs, configs } = this.#workspace;
    const ids = planned.map(({ jobId }) => jobId);
    const entries = jobs.getMany(ids);
    const active = listActiveRunsByJob(db, ids);
    return planned.flatMap(({ jobId }): UpcomingRun[] => {
      const entry = entries.get(jobId);
      if (entry?.kind !== 'valid') return [];
      const { record, state } = entry;
      if (record.definition.worker !== null) return [];
      if (!willStart(record, state, active.get(jobId) ?? [])) return [];
      const { config_name, overlap } = record.definition;
      return [{ jobId, host: configs.hostOf(config_name), isReplacement: overlap === 'cancel_running' }];
    });
  }
}

function countStartable(
  upcoming: readonly UpcomingRun[],
  active: readonly RunRecord[],
  perHost: number,
): number {
  const replacing = new Set(upcoming.filter((run) => run.isReplacement).map(({ jobId }) => jobId));
  const remaining = active.filter(({ jobId }) => !replacing.has(jobId));
  return selectStartable(upcoming, remaining, perHost).length;
}

/** Whether a job's next occurrence is expected to start a run. */
export function willStart(
  { id, definition }: Pick<JobRecord, 'id' | 'definition'>,
  state: Pick<JobState, 'pausedAt'>,
  active: readonly ActiveRun[],
): boolean {
  if (!definition.enabled || state.pausedAt !== null) return false;
  if (hasLateStart(id, definition)) return false;
  return active.length === 0 || ['allow', 'cancel_running'].includes(definition.overlap);
}

/**
 * Whether a run that waits in the queue for its instant (`stagger`, `jitter`, a retry) is expected to start then.
 * @param job the job in its current state
 * @param busy jobs with active runs
 */
export function willQueuedRunStart(
  run: RunRecord,
  job: JobEntry | undefined,
  busy: ReadonlySet<string>,
): boolean {
  // Earlier starts of this run have failed, or it is to be cancelled.
  if (run.voidStarts > 0 || run.cancelRequestedAt !== null) return false;
  if (run.pool !== '') return false;
  if (run.overlap !== 'allow' && busy.has(run.jobId)) return false;
  return decideSkip(run, job, run.notBefore, []) === undefined;
}
