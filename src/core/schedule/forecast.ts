import TinyQueue from 'tinyqueue';
import { HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import { type Collision, findCollisions } from './collisions.ts';
import { zoneOffset } from './engine/instant.ts';
import { compileRule, type NextOccurrence } from './engine/occurrence.ts';
import { computeLoad, type ForecastJob, forecastSpan, type Span, staggerDelayMs } from './start-forecast.ts';

/** An upcoming occurrence; epoch ms. */
export interface ForecastOccurrence {
  job: ForecastJob;
  at: number;
  /** Includes the job's stagger, but not jitter, which is random. */
  startsAt: number;
}

/** How many occurrences start in the hour that begins at `at` (epoch ms). */
export interface HourLoad {
  at: number;
  runs: number;
}

export interface Forecast {
  /** The first occurrences, in the order in which they start. */
  occurrences: ForecastOccurrence[];
  /** The number of all occurrences, listed or not. */
  total: number;
  byHour: HourLoad[];
  /** The first of the hours with the most starts; `null` when nothing starts. */
  busiest: HourLoad | null;
  collisions: Collision[];
  collisionsTotal: number;
}

export interface ForecastOptions {
  /** The forecast covers occurrences in `(from, until]`, epoch ms. */
  from: number;
  until: number;
  /** The zone that defines the hours. */
  timezone: string;
  slots: number;
  perHost: number;
  /** At most this many occurrences are listed. */
  maxOccurrences: number;
  /** At most this many collisions are listed. */
  maxCollisions: number;
}

/**
 * Forecasts the starts in a span of time: the first occurrences one by one, all starts per hour, and the minutes over a
 * limit. Each run is assumed to take as long as its job's known duration.
 */
export function forecast(jobs: readonly ForecastJob[], options: ForecastOptions): Forecast {
  const span = forecastSpan(jobs, options.from, options.until);
  const load = computeLoad(jobs, span);
  const byHour = countByHour(load.starts, span, options.timezone);
  const { collisions, total: collisionsTotal } = findCollisions(jobs, span, load, {
    slots: options.slots,
    perHost: options.perHost,
    maxCollisions: options.maxCollisions,
  });
  const busiest = byHour.reduce<HourLoad | null>(
    (max, hour) => (hour.runs > (max?.runs ?? 0) ? hour : max),
    null,
  );
  return {
    occurrences: firstOccurrences(jobs, options.from, options.until, options.maxOccurrences),
    total: byHour.reduce((sum, { runs }) => sum + runs, 0),
    byHour,
    busiest,
    collisions,
    collisionsTotal,
  };
}

/** Returns the first occurrences of all jobs in the order in which they start, at most `max`. */
export function firstOccurrences(
  jobs: readonly ForecastJob[],
  from: number,
  until: number,
  max: number,
): ForecastOccurrence[] {
  const queue = new TinyQueue<ForecastOccurrence & { next: NextOccurrence; shift: number }>(
    [],
    (a, b) => a.startsAt - b.startsAt || (a.job.jobId < b.job.jobId ? -1 : 1),
  );
  const add = (job: ForecastJob, next: NextOccurrence, shift: number, after: number) => {
    const at = next(after);
    if (at !== null && at <= until) queue.push({ job, next, shift, at, startsAt: at + shift });
  };
  for (const job of jobs) {
    add(job, compileRule(job.rule), staggerDelayMs(job), Math.max(from, job.after));
  }
  const found: ForecastOccurrence[] = [];
  while (found.length < max) {
    const first = queue.pop();
    if (first === undefined) break;
    const { job, shift, at, startsAt } = first;
    found.push({ job, at, startsAt });
    add(job, first.next, shift, at);
  }
  return found;
}

/**
 * Counts starts per hour of `timezone`, from the span's first minute to its end or its last start, whichever is later.
 */
function countByHour(starts: Uint32Array, { first, until }: Span, timezone: string): HourLoad[] {
  const hours: HourLoad[] = [];
  let begin = Number.NEGATIVE_INFINITY;
  let offset = 0;
  for (const [index, runs] of starts.entries()) {
    const minute = first + index * MINUTE_MS;
    // Clocks change only at whole quarters of an hour.
    if (minute % (15 * MINUTE_MS) === 0 || index === 0) offset = zoneOffset(minute, timezone);
    const hour = Math.floor((minute + offset) / HOUR_MS) * HOUR_MS - offset;
    if (hour !== begin) {
      begin = hour;
      hours.push({ at: hour, runs: 0 });
    }
    const last = hours.at(-1);
    if (last) last.runs += runs;
  }
  while ((hours.at(-1)?.at ?? 0) > until && hours.at(-1)?.runs === 0) hours.pop();
  return hours;
}
