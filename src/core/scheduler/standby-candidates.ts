import { listActiveRunsByJob } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';
import type { PlannedOccurrence } from './occurrence-queue.ts';
import type { SchedulePlan } from './schedule-plan.ts';
import { MIN_STANDBY_LEAD_MS, needsStandby, STANDBY_LEAD_MS, type StandbyRun } from './standby-rules.ts';

/**
 * Number of jobs that are checked together. With 10,000 jobs due at once, a batch takes 3 to 5 ms (15 to 20 ms for the
 * first batch of a process). Most of that time goes into their files, because the scheduler caches only some of them.
 * In the two seconds before an instant, about nine hundred of its jobs are checked, the highest rank first.
 */
const BATCH_SIZE = 50;

/** An occurrence whose run is expected to start. */
export interface StandbyCandidate extends PlannedOccurrence {
  priority: number;
  host: string | null;
}

/**
 * Returns the jobs with the next occurrences, in batches of fifty that were not checked yet. When all have been
 * checked, they are checked again after the next database change: a finished run may let another one start.
 */
export class StandbyCandidates {
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
