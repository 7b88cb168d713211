import type { Executor } from '../run/executor.ts';
import type { RunRecord } from '../run/record.ts';
import { makeRunId } from '../run/run-id.ts';
import { nextQueuedAfter, queuedBetween, readRun, runsUnderWay } from '../run/run-queue.ts';
import { startTogether } from '../run/start-together.ts';
import type { Workspace } from '../workspace.ts';
import { type ComingJob, ComingJobs } from './coming-jobs.ts';
import {
  isAwaited,
  isWorthPreparingQueued,
  LEAD_MS,
  LEAST_LEAD_MS,
  PATIENCE_MS,
  type Preparation,
} from './prepare.ts';
import type { Timetable } from './timetable.ts';

/** What comes up is looked for no more often, in milliseconds, whatever wakes the scheduler. */
const LOOK_EVERY_MS = 100;
/** How long to wait after an error, in milliseconds. */
const AFTER_ERROR_MS = 1_000;
/** Waiting runs that are looked at together. */
const MOST_QUEUED = 100;

/** What may be prepared: the run that an occurrence is going to have, or one that waits in the queue. */
type Candidate = ComingJob & { queued?: RunRecord };

/**
 * Has runs prepared shortly before they begin, as many as there will be free slots, so that their first request does not
 * wait for the start of a process. All that it does may fail or be in vain: then a run starts as it would without.
 */
export class Preparations {
  readonly #workspace: Workspace;
  readonly #executor: Executor;
  readonly #timetable: Timetable;
  readonly #coming: ComingJobs;
  readonly #prepared = new Map<string, Preparation>();
  /** Not before then is looked again for what comes up, on the monotonic clock. */
  #mayLookAt = Number.NEGATIVE_INFINITY;
  /** When to look again, epoch milliseconds. */
  nextLook = Number.POSITIVE_INFINITY;

  constructor(workspace: Workspace, executor: Executor, timetable: Timetable) {
    this.#workspace = workspace;
    this.#executor = executor;
    this.#timetable = timetable;
    this.#coming = new ComingJobs(workspace, timetable);
  }

  /** The id of the run that has been prepared for an occurrence. */
  runIdFor(jobId: string, at: number): string | undefined {
    for (const each of this.#prepared.values())
      if (!each.wasQueued && each.jobId === jobId && each.at === at) return each.runId;
    return undefined;
  }

  /**
   * Calls off what is not waited for any more, and prepares what comes up.
   * @param slots how many runs may be under way at once; 0: none is prepared
   * @throws what the database throws; the first error of those that could not be prepared, when all others have been
   */
  look(now: number, slots: number): void {
    this.nextLook = Number.POSITIVE_INFINITY;
    const monotonic = this.#workspace.clock.monotonic();
    try {
      this.#callOffUnawaited(monotonic);
      if (slots > 0) this.#prepareComing(now, monotonic, slots);
    } catch (error) {
      this.#lookAgainBy(now + AFTER_ERROR_MS);
      throw error;
    } finally {
      for (const { until } of this.#prepared.values()) this.#lookAgainBy(now + until - monotonic + 1);
    }
  }

  /** Calls off all. */
  callOff(): void {
    for (const runId of this.#prepared.keys()) this.#executor.callOff(runId);
    this.#prepared.clear();
  }

  #lookAgainBy(at: number): void {
    this.nextLook = Math.min(this.nextLook, at);
  }

  #callOffUnawaited(monotonic: number): void {
    for (const each of this.#prepared.values()) {
      const planned = this.#timetable.at(each.jobId);
      const isPlanned = !each.wasQueued && planned === each.at;
      const run = isPlanned ? undefined : readRun(this.#workspace.db, each.runId);
      if (isAwaited(each, planned, run, monotonic)) continue;
      this.#prepared.delete(each.runId);
      // Nothing is left of one that has been started.
      this.#executor.callOff(each.runId);
    }
  }

  #prepareComing(now: number, monotonic: number, slots: number): void {
    const { db, settings } = this.#workspace;
    if (monotonic < this.#mayLookAt) {
      this.#lookAgainBy(now + this.#mayLookAt - monotonic);
      return;
    }
    const underWay = [...runsUnderWay(db), ...this.#prepared.values()];
    const free = slots - underWay.length;
    // When a run ends there is another look.
    if (free <= 0) return;
    this.#mayLookAt = monotonic + LOOK_EVERY_MS;
    const { jobs, hasMore, beyond } = this.#coming.look(now, this.#prepared.values());
    const candidates: Candidate[] = [...this.#queued(now, underWay), ...jobs];
    candidates.sort((a, b) => a.at - b.at || b.priority - a.priority);
    const chosen = startTogether(candidates, underWay, settings.get('max_runs_per_host')).slice(0, free);
    if (chosen.length === free) this.#coming.putBack(jobs.filter((job) => !chosen.includes(job)));
    else if (hasMore) this.#lookAgainBy(now + LOOK_EVERY_MS);
    for (const next of [beyond, nextQueuedAfter(db, now + LEAD_MS)])
      if (next !== undefined) this.#lookAgainBy(Math.max(next - LEAD_MS, now + LOOK_EVERY_MS));
    this.#prepareAll(chosen, now, monotonic);
  }

  /** Those that wait for their instant in the queue: retries, and what begins later than it was due. */
  #queued(now: number, underWay: readonly { jobId: string }[]): Candidate[] {
    const { db, jobs } = this.#workspace;
    const runs = queuedBetween(db, now + LEAST_LEAD_MS, now + LEAD_MS, MOST_QUEUED).filter(
      ({ runId }) => !this.#prepared.has(runId),
    );
    if (runs.length === 0) return [];
    const entries = jobs.some(runs.map(({ jobId }) => jobId));
    const busy = new Set(underWay.map(({ jobId }) => jobId));
    return runs
      .filter((run) => isWorthPreparingQueued(run, entries.get(run.jobId), busy))
      .map((run) => ({ ...run, at: run.notBefore, queued: run }));
  }

  #prepareAll(chosen: readonly Candidate[], now: number, monotonic: number): void {
    const errors: unknown[] = [];
    for (const { jobId, at, host, queued } of chosen) {
      const runId = queued?.runId ?? makeRunId();
      const until = monotonic + (at - now) + PATIENCE_MS;
      // Noted first: what cannot be prepared is not tried again.
      this.#prepared.set(runId, { runId, jobId, at, wasQueued: queued !== undefined, host, until });
      try {
        this.#executor.prepare(runId, queued);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
