import { setImmediate } from 'node:timers/promises';
import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { countConcurrentRuns } from '../../../core/runs/concurrent-runs.ts';
import { runsInPeriod } from '../../../core/runs/runs-in-period.ts';
import { type ForecastJob, UpcomingLoad, upcomingStarts } from '../../../core/schedule/start-forecast.ts';
import type { Workspace } from '../../../core/workspace.ts';
import type { JobRow } from '../../home/job-row.ts';
import { toFailure } from '../../kernel/call.ts';
import type { SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';
import type { CellPeriod, TimelineData, TimelineQuery } from './model.ts';
import { cellAt, cellStart, periodEnd } from './period.ts';

/** The time in ms for which the durations of runs are cached. */
const DURATIONS_TTL_MS = MINUTE_MS;
/** A count that was left is continued within this time, in ms. */
const RESUME_MS = 10_000;
const JOBS_PER_SLICE = 250;
/** A count pauses after this time, in ms, so that keys are handled. */
const SLICE_MS = 6;

/** Receives the data that was read so far. */
type TimelineListener = (data: TimelineData) => void;

/**
 * Reads the data of the timeline: first the runs and occurrences of the visible jobs, then the concurrency of all jobs
 * in small slices. Finished counts are cached.
 */
export class TimelineReader {
  readonly #workspace: Workspace;
  #durations: { at: number; ms: ReadonlyMap<string, number> } | undefined;
  #past: { period: CellPeriod; until: number; counts: Uint32Array } | undefined;
  #coming: { key: string; counts: Uint32Array } | undefined;
  #counting: Counting | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * @param rows all jobs
   * @param definitions changes when a job was created, edited, paused or deleted
   * @param isWanted called between slices; reading stops when it returns false
   * @throws QuickscrapeError `store_unavailable`
   */
  async read(
    { period, jobIds }: TimelineQuery,
    {
      rows,
      definitions,
      isWanted,
    }: { rows: readonly JobRow[]; definitions: number; isWanted: () => boolean },
    listener: TimelineListener,
  ): Promise<void> {
    const { db, clock } = this.#workspace;
    const now = clock.now();
    const jobs = this.#forecastJobs(rows, now);
    const range = { from: period.from, until: periodEnd(period) };
    const wanted = new Set(jobIds);
    const visible = jobs.filter(({ jobId }) => wanted.has(jobId));
    const data: TimelineData = {
      period,
      jobIds,
      runs: byJob(runsInPeriod(db, range, jobIds)),
      upcoming: byJob(upcomingStarts(visible, { ...range, step: period.step }, now)),
      concurrent: this.#countedBefore(period),
    };
    listener(data);
    const key = JSON.stringify([period, cellAt(period, now), definitions]);
    const past = await this.#pastAtOnce(period, isWanted);
    const upcoming = past && (await this.#comingAtOnce(period, { jobs, now, key, isWanted }));
    if (past === undefined || upcoming === undefined) return;
    listener({ ...data, concurrent: past.map((count, cell) => Math.max(count, upcoming[cell] ?? 0)) });
  }

  #forecastJobs(rows: readonly JobRow[], now: number): ForecastJob[] {
    if (this.#durations === undefined || Math.abs(now - this.#durations.at) > DURATIONS_TTL_MS)
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
    const upcoming = this.#coming?.key.startsWith(`[${JSON.stringify(period)}`) ? this.#coming.counts : [];
    return past.map((count, cell) => Math.max(count, upcoming[cell] ?? 0));
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
    const load = new UpcomingLoad(
      jobs,
      { from: period.from, until: periodEnd(period), step: period.step },
      now,
    );
    for (let first = 0; first < jobs.length; first += JOBS_PER_SLICE) {
      load.add(jobs.slice(first, first + JOBS_PER_SLICE));
      await setImmediate();
      if (!isWanted()) return undefined;
    }
    this.#coming = { key, counts: load.steps() };
    return this.#coming.counts;
  }

  async #pastAtOnce(period: CellPeriod, isWanted: () => boolean): Promise<Uint32Array | undefined> {
    const known = this.#past && same(this.#past.period, period) ? this.#past : undefined;
    const now = this.#workspace.clock.now();
    const end = Math.max(0, Math.min(period.cells, cellAt(period, now) + 1));
    const first = Math.min(known?.until ?? 0, end);
    const counts = known?.counts.slice() ?? new Uint32Array(period.cells);
    if (first === end) return counts;
    const counting = this.#countingFrom(period, { first, end, now });
    for (let began = performance.now(); ; ) {
      const { done, value } = counting.steps.next();
      if (done) {
        this.#counting = undefined;
        counts.set(value, counting.first);
        // The cell that contains the current time is not finished, so it is not cached.
        this.#past = { period, until: Math.max(0, Math.min(end, cellAt(period, counting.now))), counts };
        return counts;
      }
      // A pause after each of some hundred short steps would leave a small home's row empty for a frame.
      if (performance.now() - began < SLICE_MS) continue;
      await setImmediate();
      if (!isWanted()) return undefined;
      began = performance.now();
    }
  }

  /** Other jobs of the same period, as while scrolling, do not begin the count of all jobs again. */
  #countingFrom(
    period: CellPeriod,
    { first, end, now }: { first: number; end: number; now: number },
  ): Counting {
    const before = this.#counting;
    if (before && same(before.period, period) && before.first === first && now - before.now < RESUME_MS)
      return before;
    const range = { from: cellStart(period, first), until: cellStart(period, end) };
    const steps = countConcurrentRuns(this.#workspace.db, range, { step: period.step, now });
    this.#counting = { period, first, now, steps };
    return this.#counting;
  }
}

/** A count of concurrent runs that goes on. */
interface Counting {
  readonly period: CellPeriod;
  /** The first cell. */
  readonly first: number;
  /** When it began, epoch ms. */
  readonly now: number;
  readonly steps: ReturnType<typeof countConcurrentRuns>;
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

/** The interval in ms at which changes are checked. */
const POLL_INTERVAL_MS = 1000;

/** One reader for each context, so that its cached counts also serve the next query. */
const readers = new WeakMap<EffectContext, TimelineReader>();

/** Reads the data of the timeline, and reads it again when the home has changed or a new cell has begun. */
export function watchTimeline({ query }: SubscriptionOf<'timeline'>, context: EffectContext): Unsubscribe {
  const { workspace, send } = context;
  const reader = readers.get(context) ?? new TimelineReader(workspace);
  readers.set(context, reader);
  let version = '';
  let ended = false;
  let reading = false;
  const isWanted = () => !ended;
  const poll = async () => {
    const rows = context.live?.data.jobs;
    if (reading || ended || rows === undefined) return;
    reading = true;
    try {
      const definitions = definitionsVersion(rows);
      const cell = Math.floor(workspace.clock.now() / query.period.step);
      const now = `${workspace.db.changeVersion()} ${cell} ${definitions}`;
      if (now !== version) {
        await reader.read(query, { rows, definitions, isWanted }, (data) => {
          if (!ended) send({ kind: 'timeline', data });
        });
        version = now;
      }
    } catch (error) {
      if (!ended) send({ kind: 'said', tone: 'bad', text: toFailure(error).message });
    } finally {
      reading = false;
    }
  };
  const timer = setInterval(() => void poll(), POLL_INTERVAL_MS);
  // Deferred, because the caller is still updating the state.
  void setImmediate().then(poll);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}

/** A number that changes when a job was created, edited, paused or deleted. Runs do not change it. */
function definitionsVersion(jobs: readonly JobRow[]): number {
  let version = jobs.length;
  for (const { revision, enabled, pausedAt } of jobs)
    version = (Math.imul(version, 31) + revision * 4 + (enabled ? 2 : 0) + (pausedAt === null ? 0 : 1)) | 0;
  return version;
}
