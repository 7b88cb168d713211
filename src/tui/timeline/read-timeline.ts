import { setImmediate } from 'node:timers/promises';
import { mostAtOnce, runsBetween } from '../../core/run/runs-between.ts';
import { ComingLoad, comingBetween } from '../../core/schedule/coming.ts';
import type { ForecastJob } from '../../core/schedule/load.ts';
import { startLimits } from '../../core/scheduler/start-limits.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { JobRow } from '../home/job-row.ts';
import { beginOf, type CellPeriod, cellOf, untilOf } from './period.ts';
import type { TimelineData } from './slice.ts';
import type { TimelineWish } from './wish.ts';

/** How long runs take is not asked again for so long, in milliseconds. */
const DURATIONS_KEPT_MS = 60_000;
/** So long may be counted before keys get their turn, in milliseconds. */
const TURN_MS = 15;
const JOBS_A_TURN = 250;

/** Told what has been read so far. */
export type OnTimeline = (data: TimelineData) => void;

/**
 * Reads what the timeline shows: runs and occurrences only of the jobs in sight, at once; then the number at once of all
 * jobs, a little at a time. What has been counted is not counted again.
 */
export class TimelineReader {
  readonly #workspace: Workspace;
  #durations: { at: number; ms: ReadonlyMap<string, number> } | undefined;
  #past: { period: CellPeriod; until: number; counts: Uint32Array } | undefined;
  #coming: { key: string; counts: Uint32Array } | undefined;
  #cells = 8;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * @param rows all jobs
   * @param definitions another one when a job was made, changed, paused or deleted
   * @param isWanted asked between two turns; reading ends when it says no
   * @throws QuickscrapeError `store_unavailable`
   */
  async read(
    { period, jobIds }: TimelineWish,
    {
      rows,
      definitions,
      isWanted,
    }: { rows: readonly JobRow[]; definitions: number; isWanted: () => boolean },
    tell: OnTimeline,
  ): Promise<void> {
    const { db, clock } = this.#workspace;
    const now = clock.now();
    const jobs = this.#forecastJobs(rows, now);
    const range = { from: period.from, until: untilOf(period) };
    const wanted = new Set(jobIds);
    const inSight = jobs.filter(({ jobId }) => wanted.has(jobId));
    const data: TimelineData = {
      period,
      jobIds,
      runs: byJob(runsBetween(db, range, jobIds)),
      coming: byJob(comingBetween(inSight, { ...range, step: period.step }, now)),
      atOnce: this.#countedBefore(period),
      slots: startLimits(this.#workspace).slots,
    };
    tell(data);
    const key = JSON.stringify([period, cellOf(period, now), definitions]);
    const past = await this.#pastAtOnce(period, isWanted);
    const coming = past && (await this.#comingAtOnce(period, { jobs, now, key, isWanted }));
    if (past === undefined || coming === undefined) return;
    tell({ ...data, atOnce: past.map((count, cell) => Math.max(count, coming[cell] ?? 0)) });
  }

  #forecastJobs(rows: readonly JobRow[], now: number): ForecastJob[] {
    if (this.#durations === undefined || Math.abs(now - this.#durations.at) > DURATIONS_KEPT_MS)
      this.#durations = { at: now, ms: this.#workspace.runs.durations() };
    const { ms } = this.#durations;
    return rows.flatMap(({ id: jobId, definition, enabled, pausedAt }) => {
      if (definition === null || !enabled || pausedAt !== null) return [];
      const { schedule: rule, stagger, priority } = definition;
      return [{ jobId, rule, stagger, priority, after: 0, host: null, takes: ms.get(jobId) ?? 0 }];
    });
  }

  #countedBefore(period: CellPeriod): Uint32Array {
    const past =
      this.#past && same(this.#past.period, period) ? this.#past.counts : new Uint32Array(period.cells);
    const coming = this.#coming?.key.startsWith(`[${JSON.stringify(period)}`) ? this.#coming.counts : [];
    return past.map((count, cell) => Math.max(count, coming[cell] ?? 0));
  }

  async #comingAtOnce(
    period: CellPeriod,
    {
      jobs,
      now,
      key,
      isWanted,
    }: { jobs: readonly ForecastJob[]; now: number; key: string; isWanted: () => boolean },
  ): Promise<Uint32Array | undefined> {
    if (this.#coming?.key === key) return this.#coming.counts;
    const load = new ComingLoad(jobs, { from: period.from, until: untilOf(period), step: period.step }, now);
    for (let first = 0; first < jobs.length; first += JOBS_A_TURN) {
      load.add(jobs.slice(first, first + JOBS_A_TURN));
      await setImmediate();
      if (!isWanted()) return undefined;
    }
    this.#coming = { key, counts: load.steps() };
    return this.#coming.counts;
  }

  async #pastAtOnce(period: CellPeriod, isWanted: () => boolean): Promise<Uint32Array | undefined> {
    const known = this.#past && same(this.#past.period, period) ? this.#past : undefined;
    const counts = known?.counts.slice() ?? new Uint32Array(period.cells);
    const now = this.#workspace.clock.now();
    const end = Math.max(0, Math.min(period.cells, cellOf(period, now) + 1));
    let cell = Math.min(known?.until ?? 0, end);
    while (cell < end) {
      const began = performance.now();
      const next = Math.min(end, cell + this.#cells);
      const range = { from: beginOf(period, cell), until: beginOf(period, next) };
      counts.set(mostAtOnce(this.#workspace.db, range, { step: period.step, now }), cell);
      const took = performance.now() - began;
      this.#cells = took > TURN_MS ? Math.max(1, this.#cells >> 1) : Math.min(128, this.#cells * 2);
      cell = next;
      // The cell in which now lies is not over.
      this.#past = { period, until: Math.max(0, Math.min(cell, cellOf(period, now))), counts };
      await setImmediate();
      if (!isWanted()) return undefined;
    }
    return counts;
  }
}

function same(one: CellPeriod, other: CellPeriod): boolean {
  return one.from === other.from && one.step === other.step && one.cells === other.cells;
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
