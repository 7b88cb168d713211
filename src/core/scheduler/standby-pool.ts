import type { Executor } from '../execution/executor.ts';
import { makeRunId } from '../model/run-id.ts';
import type { RunRecord } from '../model/run-record.ts';
import { listRunning, nextQueuedAfter, queuedBetween, readRun } from '../runs/run-queue.ts';
import { selectStartable } from '../runs/startable-runs.ts';
import type { Workspace } from '../workspace.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import { type StandbyCandidate, StandbyCandidates } from './standby-candidates.ts';
import {
  isStandbyNeeded,
  MIN_STANDBY_LEAD_MS,
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
