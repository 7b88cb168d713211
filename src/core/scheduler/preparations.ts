import type { Executor } from '../run/executor.ts';
import { makeRunId } from '../run/run-id.ts';
import { activeRunsOfEach, readRun, runsUnderWay } from '../run/run-queue.ts';
import { startTogether } from '../run/start-together.ts';
import type { Workspace } from '../workspace.ts';
import type { Planned } from './agenda.ts';
import {
  isAwaited,
  isWorthPreparing,
  LEAD_MS,
  LEAST_LEAD_MS,
  PATIENCE_MS,
  type Preparation,
} from './prepare.ts';
import type { Timetable } from './timetable.ts';

/** Of thousands that are due at once no more are looked at. */
const MOST_LOOKED_AT = 50;
/** Occurrences that follow each other closely are looked at together, in milliseconds. */
const LOOK_EVERY_MS = 100;

type Candidate = Omit<Preparation, 'runId' | 'until'> & { priority: number };

/**
 * Has runs prepared shortly before their occurrences, as many as there will be free slots, so that their first request does
 * not wait for the start of a process. All that it does may fail or be in vain: then a run starts as it would without.
 */
export class Preparations {
  readonly #workspace: Workspace;
  readonly #executor: Executor;
  readonly #timetable: Timetable;
  readonly #prepared = new Map<string, Preparation>();
  /** When to look again, epoch milliseconds. */
  nextLook = Number.POSITIVE_INFINITY;

  constructor(workspace: Workspace, executor: Executor, timetable: Timetable) {
    this.#workspace = workspace;
    this.#executor = executor;
    this.#timetable = timetable;
  }

  /** The id of the run that has been prepared for an occurrence. */
  runIdFor(jobId: string, at: number): string | undefined {
    for (const each of this.#prepared.values()) if (each.jobId === jobId && each.at === at) return each.runId;
    return undefined;
  }

  /**
   * Calls off what is not waited for any more, and prepares what comes up.
   * @param slots how many runs may be under way at once; 0: none is prepared
   */
  look(now: number, slots: number): void {
    this.nextLook = Number.POSITIVE_INFINITY;
    this.#callOffUnawaited();
    if (slots > 0) this.#prepareComing(now, slots);
    const monotonic = this.#workspace.clock.monotonic();
    for (const { until } of this.#prepared.values())
      this.nextLook = Math.min(this.nextLook, now + until - monotonic + 1);
  }

  /** Calls off all. */
  callOff(): void {
    for (const runId of this.#prepared.keys()) this.#executor.callOff(runId);
    this.#prepared.clear();
  }

  #callOffUnawaited(): void {
    const { db, clock } = this.#workspace;
    const monotonic = clock.monotonic();
    for (const each of this.#prepared.values()) {
      const planned = this.#timetable.at(each.jobId);
      const status = planned === each.at ? undefined : readRun(db, each.runId)?.status;
      if (isAwaited(each, planned, status, monotonic)) continue;
      this.#prepared.delete(each.runId);
      // Nothing is left of one that has been started.
      this.#executor.callOff(each.runId);
    }
  }

  #prepareComing(now: number, slots: number): void {
    const { db, clock, settings } = this.#workspace;
    const { planned, after } = this.#timetable.upTo(now + LEAD_MS, MOST_LOOKED_AT);
    if (after !== undefined && after > now + LEAD_MS)
      this.nextLook = Math.max(after - LEAD_MS, now + LOOK_EVERY_MS);
    const coming = planned.filter(
      ({ jobId, at }) => at > now + LEAST_LEAD_MS && this.runIdFor(jobId, at) === undefined,
    );
    if (coming.length === 0) return;
    const underWay = [...runsUnderWay(db), ...this.#prepared.values()];
    const free = slots - underWay.length;
    if (free <= 0) return;
    const beside = startTogether(this.#candidates(coming), underWay, settings.get('max_runs_per_host'));
    for (const { jobId, at, host } of beside.slice(0, free)) {
      const runId = makeRunId();
      const until = clock.monotonic() + (at - now) + PATIENCE_MS;
      // Noted first: what cannot be prepared is not tried again.
      this.#prepared.set(runId, { runId, jobId, at, host, until });
      this.#executor.prepare(runId);
    }
  }

  /** Those whose runs would start, best first, as the queue is going to have them. */
  #candidates(coming: readonly Planned[]): Candidate[] {
    const { db, jobs, configs } = this.#workspace;
    const ids = coming.map(({ jobId }) => jobId);
    const entries = jobs.some(ids);
    const active = activeRunsOfEach(db, ids);
    return coming
      .flatMap(({ jobId, at }): Candidate[] => {
        const entry = entries.get(jobId);
        if (entry?.kind !== 'valid') return [];
        const { record, state } = entry;
        if (!isWorthPreparing(record, state, active.get(jobId) ?? [])) return [];
        const { config_name: config, priority } = record.definition;
        return [{ jobId, at, priority, host: configs.hostOf(config) }];
      })
      .sort((a, b) => a.at - b.at || b.priority - a.priority);
  }
}
