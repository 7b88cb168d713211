import type { Executor } from '../execution/executor.ts';
import { makeRunId } from '../model/ids.ts';
import type { RunRecord } from '../model/run-record.ts';
import {
  listActiveRunsByJob,
  listRunning,
  nextQueuedAfter,
  queuedBetween,
  readRun,
} from '../runs/run-queue.ts';
import { selectStartable } from '../runs/startable-runs.ts';
import type { Workspace } from '../workspace.ts';
import type { PlannedOccurrence } from './occurrence-queue.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import {
  isStandbyNeeded,
  MIN_STANDBY_LEAD_MS,
  needsStandby,
  needsStandbyForQueued,
  STANDBY_LEAD_MS,
  STANDBY_TIMEOUT_MS,
  type StandbyRun,
} from './standby-rules.ts';

/** Minimum time between two checks for upcoming occurrences, in milliseconds, whatever wakes the scheduler. */
const CHECK_INTERVAL_MS = 100;
/** How long to wait after an error, in milliseconds. */
const ERROR_DELAY_MS = 1_000;
/** Maximum number of waiting runs that are checked together. */
const MAX_QUEUED = 100;

/** A run that may get a standby process: the run of an upcoming occurrence, or one that waits in the queue. */
type Candidate = StandbyCandidate & { queued?: RunRecord };

/**
 * Starts standby processes shortly before runs begin, up to the number of free slots. A run's first request then does
 * not wait for a process to start. Every step here may fail or turn out to be unnecessary: the run then starts in the
 * ordinary way.
 */
export class StandbyPool {
  readonly #workspace: Workspace;
  readonly #executor: Executor;
  readonly #plan: SchedulePlan;
  readonly #upcoming: StandbyCandidates;
  readonly #standby = new Map<string, StandbyRun>();
  /** Earliest time of the next check for upcoming occurrences, on the monotonic clock. */
  #checkNotBefore = Number.NEGATIVE_INFINITY;
  /** When to check again, epoch milliseconds. */
  nextCheckAt = Number.POSITIVE_INFINITY;

  constructor(workspace: Workspace, executor: Executor, plan: SchedulePlan) {
    this.#workspace = workspace;
    this.#executor = executor;
    this.#plan = plan;
    this.#upcoming = new StandbyCandidates(workspace, plan);
  }

  /** Returns the id of the run that was prepared for an occurrence. */
  runIdFor(jobId: string, at: number): string | undefined {
    for (const each of this.#standby.values())
      if (!each.wasQueued && each.jobId === jobId && each.at === at) return each.runId;
    return undefined;
  }

  /**
   * Discards standby processes that are no longer needed, and prepares upcoming runs.
   * @param slots maximum number of active runs; 0: prepares none
   * @throws any database error; or the first error of a preparation, after all others were tried
   */
  check(now: number, slots: number): void {
    this.nextCheckAt = Number.POSITIVE_INFINITY;
    const monotonic = this.#workspace.clock.monotonic();
    try {
      this.#discardUnneeded(monotonic);
      if (slots > 0) this.#startUpcoming(now, monotonic, slots);
    } catch (error) {
      this.#checkAgainBy(now + ERROR_DELAY_MS);
      throw error;
    } finally {
      for (const { until } of this.#standby.values()) this.#checkAgainBy(now + until - monotonic + 1);
    }
  }

  /** Discards all standby processes. */
  discardAll(): void {
    for (const runId of this.#standby.keys()) this.#executor.discard(runId);
    this.#standby.clear();
  }

  #checkAgainBy(at: number): void {
    this.nextCheckAt = Math.min(this.nextCheckAt, at);
  }

  #discardUnneeded(monotonic: number): void {
    for (const each of this.#standby.values()) {
      const planned = this.#plan.at(each.jobId);
      const isPlanned = !each.wasQueued && planned === each.at;
      const run = isPlanned ? undefined : readRun(this.#workspace.db, each.runId);
      if (isStandbyNeeded(each, planned, run, monotonic)) continue;
      this.#standby.delete(each.runId);
      // Has no effect on a process that has already started its run.
      this.#executor.discard(each.runId);
    }
  }

  #startUpcoming(now: number, monotonic: number, slots: number): void {
    const { db, settings } = this.#workspace;
    if (monotonic < this.#checkNotBefore) {
      this.#checkAgainBy(now + this.#checkNotBefore - monotonic);
      return;
    }
    const active = [...listRunning(db), ...this.#standby.values()];
    const free = slots - active.length;
    // The end of a run triggers another check.
    if (free <= 0) return;
    this.#checkNotBefore = monotonic + CHECK_INTERVAL_MS;
    const { jobs, hasMore, beyond } = this.#upcoming.takeNext(now, this.#standby.values());
    const candidates: Candidate[] = [...this.#queued(now, active), ...jobs];
    candidates.sort((a, b) => a.at - b.at || b.priority - a.priority);
    const chosen = selectStartable(candidates, active, settings.get('max_runs_per_host')).slice(0, free);
    if (chosen.length === free) this.#upcoming.putBack(jobs.filter((job) => !chosen.includes(job)));
    else if (hasMore) this.#checkAgainBy(now + CHECK_INTERVAL_MS);
    for (const next of [beyond, nextQueuedAfter(db, now + STANDBY_LEAD_MS)])
      if (next !== undefined) this.#checkAgainBy(Math.max(next - STANDBY_LEAD_MS, now + CHECK_INTERVAL_MS));
    this.#startStandbyRuns(chosen, now, monotonic);
  }

  /** Runs that wait in the queue for their instant: retries, and runs that start later than they were due. */
  #queued(now: number, active: readonly { jobId: string }[]): Candidate[] {
    const { db, jobs } = this.#workspace;
    const runs = queuedBetween(db, now + MIN_STANDBY_LEAD_MS, now + STANDBY_LEAD_MS, MAX_QUEUED).filter(
      ({ runId }) => !this.#standby.has(runId),
    );
    if (runs.length === 0) return [];
    const entries = jobs.getMany(runs.map(({ jobId }) => jobId));
    const busy = new Set(active.map(({ jobId }) => jobId));
    return runs
      .filter((run) => needsStandbyForQueued(run, entries.get(run.jobId), busy))
      .map((run) => ({ ...run, at: run.notBefore, queued: run }));
  }

  #startStandbyRuns(chosen: readonly Candidate[], now: number, monotonic: number): void {
    const errors: unknown[] = [];
    for (const { jobId, at, host, queued } of chosen) {
      const runId = queued?.runId ?? makeRunId();
      const until = monotonic + (at - now) + STANDBY_TIMEOUT_MS;
      // Recorded before the attempt, so that a failed preparation is not repeated.
      this.#standby.set(runId, { runId, jobId, at, wasQueued: queued !== undefined, host, until });
      try {
        this.#executor.prepare(runId, queued);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/**
 * Number of jobs that are checked together. With 10,000 jobs due at once, a batch takes 3 to 5 ms (15 to 20 ms for the
 * first batch of a process). Most of that time goes into their files, because the scheduler caches only some of them.
 * In the two seconds before an instant, about nine hundred of its jobs are checked, the highest rank first.
 */
const BATCH_SIZE = 50;

/** An occurrence whose run is expected to start. */
interface StandbyCandidate extends PlannedOccurrence {
  priority: number;
  host: string | null;
}

/**
 * Returns the jobs with the next occurrences, in batches of fifty that were not checked yet. When all have been
 * checked, they are checked again after the next database change: a finished run may let another one start.
 */
class StandbyCandidates {
  readonly #workspace: Workspace;
  readonly #plan: SchedulePlan;
  /** Checked occurrences by job. */
  #seen = new Map<string, number>();
  #hasCheckedAll = true;
  /** The database's change version at the start of this round of checks. */
  #changeVersion = '';

  constructor(workspace: Workspace, plan: SchedulePlan) {
    this.#workspace = workspace;
    this.#plan = plan;
  }

  /**
   * Checks the next batch of jobs.
   * @param prepared runs that already have a standby process; their jobs are not checked again
   * @returns the jobs whose runs would start; whether more jobs remain to be checked; when to check later ones at the
   *   latest, epoch milliseconds
   */
  takeNext(
    now: number,
    prepared: Iterable<StandbyRun>,
  ): { jobs: StandbyCandidate[]; hasMore: boolean; beyond: number | undefined } {
    this.#restartIfChanged(prepared);
    const span = { after: now + MIN_STANDBY_LEAD_MS, until: now + STANDBY_LEAD_MS, most: BATCH_SIZE };
    const { planned, hasMore, beyond } = this.#plan.peek(span, (jobId, at) => this.#seen.get(jobId) !== at);
    const jobs = this.#startable(planned);
    for (const { jobId, at } of planned) this.#seen.set(jobId, at);
    this.#hasCheckedAll = !hasMore;
    return { jobs, hasMore, beyond };
  }

  /** Makes these jobs the first of the next check: they had no slot, and one may become free. */
  putBack(jobs: readonly StandbyCandidate[]): void {
    for (const { jobId } of jobs) this.#seen.delete(jobId);
  }

  #restartIfChanged(prepared: Iterable<StandbyRun>): void {
    if (!this.#hasCheckedAll) return;
    const changeVersion = this.#workspace.db.changeVersion();
    if (changeVersion === this.#changeVersion) return;
    this.#changeVersion = changeVersion;
    this.#seen = new Map();
    for (const { jobId, at, wasQueued } of prepared) if (!wasQueued) this.#seen.set(jobId, at);
  }

  #startable(planned: readonly PlannedOccurrence[]): StandbyCandidate[] {
    if (planned.length === 0) return [];
    const { db, jobs, configs } = this.#workspace;
    const ids = planned.map(({ jobId }) => jobId);
    const entries = jobs.getMany(ids);
    const active = listActiveRunsByJob(db, ids);
    return planned.flatMap(({ jobId, at }): StandbyCandidate[] => {
      const entry = entries.get(jobId);
      if (entry?.kind !== 'valid') return [];
      const { record, state } = entry;
      if (!needsStandby(record, state, active.get(jobId) ?? [])) return [];
      const { config_name: config, priority } = record.definition;
      return [{ jobId, at, priority, host: configs.hostOf(config) }];
    });
  }
}
