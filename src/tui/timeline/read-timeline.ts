import { setImmediate } from 'node:timers/promises';
import { scheduledJobs } from '../../core/operations/scheduled-jobs.ts';
import { mostAtOnce, runsBetween } from '../../core/run/runs-between.ts';
import { comingAtOnce, comingBetween } from '../../core/schedule/coming.ts';
import type { ForecastJob } from '../../core/schedule/load.ts';
import { startLimits } from '../../core/scheduler/start-limits.ts';
import type { Workspace } from '../../core/workspace.ts';
import { beginOf, type CellPeriod, cellOf, untilOf } from './period.ts';
import type { TimelineData } from './slice.ts';
import type { TimelineWish } from './wish.ts';

/** What is known of all jobs counts for so long, in milliseconds, unless it is told that one was changed. */
const JOBS_KEPT_MS = 30_000;
/** Of the past so many cells are counted before others get their turn. */
const CELLS_A_TURN = 24;

/**
 * Reads what the timeline shows: runs and occurrences only of the jobs in sight, the number at once of all jobs. What
 * has been counted of the past is not counted again.
 */
export class TimelineReader {
  readonly #workspace: Workspace;
  #jobs: { at: number; list: readonly ForecastJob[] } | undefined;
  #past: { period: CellPeriod; until: number; counts: Uint32Array } | undefined;
  #coming: { key: string; counts: Uint32Array } | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** @throws QuickscrapeError `store_unavailable` */
  async read({ period, jobIds }: TimelineWish): Promise<TimelineData> {
    const { db, clock } = this.#workspace;
    const past = await this.#pastAtOnce(period);
    const now = clock.now();
    const jobs = this.#allJobs(now);
    const coming = this.#comingAtOnce(period, jobs, now);
    const range = { from: period.from, until: untilOf(period) };
    const wanted = new Set(jobIds);
    const inSight = jobs.filter(({ jobId }) => wanted.has(jobId));
    return {
      period,
      jobIds,
      runs: byJob(runsBetween(db, range, jobIds)),
      coming: byJob(comingBetween(inSight, { ...range, step: period.step }, now)),
      atOnce: past.map((count, cell) => Math.max(count, coming[cell] ?? 0)),
      slots: startLimits(this.#workspace).slots,
    };
  }

  /** Forgets what is known of the jobs: one was changed. */
  forgetJobs(): void {
    this.#jobs = undefined;
    this.#coming = undefined;
  }

  #allJobs(now: number): readonly ForecastJob[] {
    const known = this.#jobs;
    if (known !== undefined && Math.abs(now - known.at) < JOBS_KEPT_MS) return known.list;
    const list = scheduledJobs(this.#workspace).map(({ job }) => job);
    this.#jobs = { at: now, list };
    this.#coming = undefined;
    return list;
  }

  #comingAtOnce(period: CellPeriod, jobs: readonly ForecastJob[], now: number): Uint32Array {
    const key = JSON.stringify([period, cellOf(period, now)]);
    if (this.#coming?.key === key) return this.#coming.counts;
    const { from, step } = period;
    const counts = comingAtOnce(jobs, { from, until: untilOf(period), step }, now);
    this.#coming = { key, counts };
    return counts;
  }

  async #pastAtOnce(period: CellPeriod): Promise<Uint32Array> {
    const known = this.#past;
    const isSame = known !== undefined && JSON.stringify(known.period) === JSON.stringify(period);
    const counts = isSame ? known.counts.slice() : new Uint32Array(period.cells);
    const now = this.#workspace.clock.now();
    const end = Math.min(period.cells, cellOf(period, now) + 1);
    let cell = isSame ? Math.max(0, Math.min(known.until, end)) : 0;
    while (cell < end) {
      const next = Math.min(end, cell + CELLS_A_TURN);
      const range = { from: beginOf(period, cell), until: beginOf(period, next) };
      counts.set(mostAtOnce(this.#workspace.db, range, { step: period.step, now }), cell);
      cell = next;
      if (cell < end) await setImmediate();
    }
    // The cell in which now lies is not over.
    this.#past = { period, until: Math.max(0, cellOf(period, now)), counts };
    return counts;
  }
}

function byJob<T extends { jobId: string }>(all: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const each of all) {
    const ofJob = found.get(each.jobId);
    if (ofJob) ofJob.push(each);
    else found.set(each.jobId, [each]);
  }
  return found;
}
