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

/** What comes up is looked for no more often, in milliseconds, whatever wakes the scheduler. */
const CHECK_INTERVAL_MS = 100;
/** How long to wait after an error, in milliseconds. */
const ERROR_DELAY_MS = 1_000;
/** Waiting runs that are looked at together. */
const MAX_QUEUED = 100;

/** What may be prepared: the run that an occurrence is going to have, or one that waits in the queue. */
type Candidate = StandbyCandidate & { queued?: RunRecord };

/**
 * Has runs prepared shortly before they begin, as many as there will be free slots, so that their first request does not
 * wait for the start of a process. All that it does may fail or be in vain: then a run starts as it would without.
 */
export class StandbyPool {
  readonly #workspace: Workspace;
  readonly #executor: Executor;
  readonly #plan: SchedulePlan;
  readonly #upcoming: StandbyCandidates;
  readonly #standby = new Map<string, StandbyRun>();
  /** Not before then is looked again for what comes up, on the monotonic clock. */
  #mayLookAt = Number.NEGATIVE_INFINITY;
  /** When to look again, epoch milliseconds. */
  nextCheckAt = Number.POSITIVE_INFINITY;

  constructor(workspace: Workspace, executor: Executor, plan: SchedulePlan) {
    this.#workspace = workspace;
    this.#executor = executor;
    this.#plan = plan;
    this.#upcoming = new StandbyCandidates(workspace, plan);
  }

  /** The id of the run that has been prepared for an occurrence. */
  runIdFor(jobId: string, at: number): string | undefined {
    for (const each of this.#standby.values())
      if (!each.wasQueued && each.jobId === jobId && each.at === at) return each.runId;
    return undefined;
  }

  /**
   * Calls off what is not waited for any more, and prepares what comes up.
   * @param slots how many runs may be under way at once; 0: none is prepared
   * @throws what the database throws; the first error of those that could not be prepared, when all others have been
   */
  check(now: number, slots: number): void {
    this.nextCheckAt = Number.POSITIVE_INFINITY;
    const monotonic = this.#workspace.clock.monotonic();
    try {
      this.#callOffUnawaited(monotonic);
      if (slots > 0) this.#prepareComing(now, monotonic, slots);
    } catch (error) {
      this.#lookAgainBy(now + ERROR_DELAY_MS);
      throw error;
    } finally {
      for (const { until } of this.#standby.values()) this.#lookAgainBy(now + until - monotonic + 1);
    }
  }

  /** Calls off all. */
  discardAll(): void {
    for (const runId of this.#standby.keys()) this.#executor.discard(runId);
    this.#standby.clear();
  }

  #lookAgainBy(at: number): void {
    this.nextCheckAt = Math.min(this.nextCheckAt, at);
  }

  #callOffUnawaited(monotonic: number): void {
    for (const each of this.#standby.values()) {
      const planned = this.#plan.at(each.jobId);
      const isPlanned = !each.wasQueued && planned === each.at;
      const run = isPlanned ? undefined : readRun(this.#workspace.db, each.runId);
      if (isStandbyNeeded(each, planned, run, monotonic)) continue;
      this.#standby.delete(each.runId);
      // Nothing is left of one that has been started.
      this.#executor.discard(each.runId);
    }
  }

  #prepareComing(now: number, monotonic: number, slots: number): void {
    const { db, settings } = this.#workspace;
    if (monotonic < this.#mayLookAt) {
      this.#lookAgainBy(now + this.#mayLookAt - monotonic);
      return;
    }
    const active = [...listRunning(db), ...this.#standby.values()];
    const free = slots - active.length;
    // When a run ends there is another look.
    if (free <= 0) return;
    this.#mayLookAt = monotonic + CHECK_INTERVAL_MS;
    const { jobs, hasMore, beyond } = this.#upcoming.takeNext(now, this.#standby.values());
    const candidates: Candidate[] = [...this.#queued(now, active), ...jobs];
    candidates.sort((a, b) => a.at - b.at || b.priority - a.priority);
    const chosen = selectStartable(candidates, active, settings.get('max_runs_per_host')).slice(0, free);
    if (chosen.length === free) this.#upcoming.putBack(jobs.filter((job) => !chosen.includes(job)));
    else if (hasMore) this.#lookAgainBy(now + CHECK_INTERVAL_MS);
    for (const next of [beyond, nextQueuedAfter(db, now + STANDBY_LEAD_MS)])
      if (next !== undefined) this.#lookAgainBy(Math.max(next - STANDBY_LEAD_MS, now + CHECK_INTERVAL_MS));
    this.#prepareAll(chosen, now, monotonic);
  }

  /** Those that wait for their instant in the queue: retries, and what begins later than it was due. */
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

  #prepareAll(chosen: readonly Candidate[], now: number, monotonic: number): void {
    const errors: unknown[] = [];
    for (const { jobId, at, host, queued } of chosen) {
      const runId = queued?.runId ?? makeRunId();
      const until = monotonic + (at - now) + STANDBY_TIMEOUT_MS;
      // Noted first: what cannot be prepared is not tried again.
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
