import TinyQueue from 'tinyqueue';
import { type Collision, findCollisions } from './collisions.ts';
import { zoneOffset } from './engine/instant.ts';
import { compileRule, type NextOccurrence } from './engine/occurrence.ts';
import { computeLoad, type ForecastJob, forecastSpan, type Span, staggerOffsetMs } from './load.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An occurrence to come; epoch ms. */
export interface ForecastOccurrence {
  job: ForecastJob;
  at: number;
  /** With the job's stagger; jitter is random. */
  startsAt: number;
}

/** How many occurrences start in an hour, which begins at `at` (epoch ms). */
export interface HourLoad {
  at: number;
  runs: number;
}

export interface Forecast {
  /** The first ones, in the order in which they start. */
  occurrences: ForecastOccurrence[];
  /** All of them, listed or not. */
  total: number;
  byHour: HourLoad[];
  /** The first of the hours with the most starts; `null` when nothing starts. */
  busiest: HourLoad | null;
  collisions: Collision[];
  collisionsTotal: number;
}

export interface ForecastOptions {
  /** Occurrences in `(from, until]` are told, epoch ms. */
  from: number;
  until: number;
  /** The zone whose hours are counted. */
  timeZone: string;
  slots: number;
  perHost: number;
  /** At most this many occurrences are listed. */
  maxOccurrences: number;
  /** At most this many collisions are told one by one. */
  maxCollisions: number;
}

/**
 * What is going to start in a span of time: the first occurrences one by one, and of all of them how many start in each
 * hour and where more want to run at once than may, if each takes as long as is known of its job.
 */
export function forecast(jobs: readonly ForecastJob[], options: ForecastOptions): Forecast {
  const span = forecastSpan(jobs, options.from, options.until);
  const load = computeLoad(jobs, span);
  const byHour = countByHour(load.starts, span, options.timeZone);
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

/** The first occurrences of all jobs in the order in which they start, at most `most`. */
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
    add(job, compileRule(job.rule), staggerOffsetMs(job), Math.max(from, job.after));
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

/** The hours of `timeZone` from the span's first minute to its end or its last start, whichever is later. */
function countByHour(starts: Uint32Array, { first, until }: Span, timeZone: string): HourLoad[] {
  const hours: HourLoad[] = [];
  let begin = Number.NEGATIVE_INFINITY;
  let offset = 0;
  for (const [index, runs] of starts.entries()) {
    const minute = first + index * MINUTE;
    // Clocks change at whole quarters of an hour.
    if (minute % (15 * MINUTE) === 0 || index === 0) offset = zoneOffset(minute, timeZone);
    const hour = Math.floor((minute + offset) / HOUR) * HOUR - offset;
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
