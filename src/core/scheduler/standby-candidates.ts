import { listActiveRunsByJob } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';
import type { PlannedOccurrence } from './occurrence-queue.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import { MIN_STANDBY_LEAD_MS, needsStandby, STANDBY_LEAD_MS, type StandbyRun } from './standby-rules.ts';

/**
 * Jobs that are looked at together, for 3 to 5 ms with 10,000 due at once (the first look of a process takes 15 to 20): most of it
 * for their files, of which the scheduler remembers some only. In the two seconds before an instant the looks get through nine
 * hundred of those that are due then, the best first.
 */
const BATCH_SIZE = 50;

/** An occurrence whose run is going to start, as far as can be told. */
export interface StandbyCandidate extends PlannedOccurrence {
  priority: number;
  host: string | null;
}

/**
 * The jobs that come up next, the first fifty of those that were not looked at yet. When all have been, they are looked at again
 * once anything has been written: a run that is over may have made way for another.
 */
export class StandbyCandidates {
  readonly #workspace: Workspace;
  readonly #plan: SchedulePlan;
  /** The occurrences that have been looked at, by their jobs. */
  #seen = new Map<string, number>();
  #hasSeenAll = true;
  /** What the database was when the first of them was. */
  #changeVersion = '';

  constructor(workspace: Workspace, plan: SchedulePlan) {
    this.#workspace = workspace;
    this.#plan = plan;
  }

  /**
   * Looks at those whose turn it is.
   * @param prepared they need no look
   * @returns those whose runs would start; whether there are others to look at; when to look for later ones at the latest, epoch
   *   milliseconds
   */
  takeNext(
    now: number,
    prepared: Iterable<StandbyRun>,
  ): { jobs: StandbyCandidate[]; hasMore: boolean; beyond: number | undefined } {
    this.#beginAgain(prepared);
    const span = { after: now + MIN_STANDBY_LEAD_MS, until: now + STANDBY_LEAD_MS, most: BATCH_SIZE };
    const { planned, hasMore, beyond } = this.#plan.peek(span, (jobId, at) => this.#seen.get(jobId) !== at);
    const jobs = this.#startable(planned);
    for (const { jobId, at } of planned) this.#seen.set(jobId, at);
    this.#hasSeenAll = !hasMore;
    return { jobs, hasMore, beyond };
  }

  /** Has them looked at once more, before those that come after them: there was no slot for them, and one may become free. */
  putBack(jobs: readonly StandbyCandidate[]): void {
    for (const { jobId } of jobs) this.#seen.delete(jobId);
  }

  #beginAgain(prepared: Iterable<StandbyRun>): void {
    if (!this.#hasSeenAll) return;
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
