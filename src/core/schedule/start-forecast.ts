import { MINUTE_MS } from '../lib/clock.ts';
import type { ScheduleDict } from './rule.ts';
import { startDelayMs } from './start-delay.ts';
import { forEachStartingMinute } from './starting-minutes.ts';

/** The properties of a job that a forecast needs. */
export interface ForecastJob {
  jobId: string;
  rule: ScheduleDict;
  /** Only occurrences after this instant are upcoming, epoch ms. */
  after: number;
  /** Seconds. */
  stagger: number;
  priority: number;
  /** The host that it scrapes, if known; else `null`. */
  host: string | null;
  /** How long a run takes, in ms; 0 when not known. */
  takes: number;
}

/** A span of time, divided into minutes; epoch ms. */
export interface Span {
  /** Occurrences in `(from, until]` are counted in the minute in which they start. */
  from: number;
  until: number;
  /** The first counted minute, a whole one, and the number of minutes. */
  first: number;
  length: number;
}

/** Returns the span of a forecast. It is long enough for the last occurrence of the job with the longest offset. */
export function forecastSpan(jobs: readonly ForecastJob[], from: number, until: number): Span {
  const longest = jobs.reduce((most, job) => Math.max(most, staggerDelayMs(job)), 0);
  const first = Math.floor(from / MINUTE_MS) * MINUTE_MS;
  return { from, until, first, length: Math.floor((until + longest + MINUTE_MS - first) / MINUTE_MS) + 1 };
}

/** Returns how long after its occurrence a job's run starts: its stagger, in ms. */
export function staggerDelayMs({ jobId, stagger }: Pick<ForecastJob, 'jobId' | 'stagger'>): number {
  return startDelayMs(jobId, { stagger, jitter: 0 }, 0);
}

/**
 * Called for each minute in which a job starts.
 * @param index of the minute in the span
 * @param starts how many occurrences start in it
 * @param firstAt the first of these occurrences, epoch ms
 */
type StartVisitor = (index: number, starts: number, firstAt: number) => void;

/**
 * Visits the minutes of `span` in which a job starts, in order. A minute can come twice when the job's offset is not a
 * whole minute.
 */
export function forEachStart(job: ForecastJob, span: Span, visit: StartVisitor): void {
  const shift = staggerDelayMs(job);
  forEachStartingMinute(job.rule, Math.max(span.from, job.after), span.until, (minute, seconds) => {
    const begin = minute + shift - span.first;
    const index = Math.floor(begin / MINUTE_MS);
    const rest = begin - index * MINUTE_MS;
    const first = seconds[0] ?? 0;
    const early = rest === 0 ? seconds.length : countBelowLimit(seconds, (MINUTE_MS - rest) / 1000);
    if (early > 0) visit(index, early, minute + shift + first * 1000);
    if (early < seconds.length) {
      visit(index + 1, seconds.length - early, minute + shift + (seconds[early] ?? 0) * 1000);
    }
  });
}

function countBelowLimit(sorted: readonly number[], limit: number): number {
  const found = sorted.findIndex((value) => value >= limit);
  return found < 0 ? sorted.length : found;
}

/** The load in each minute of a span. */
export interface Load {
  /** The number of occurrences that start. */
  starts: Uint32Array;
  /**
   * The number of jobs with an active run: it starts in this minute, or started earlier and, by its known duration, is
   * not finished.
   */
  jobs: Uint16Array;
}

/** Returns the last minute of the span in which a run is active that starts in minute `index`, at `at` (epoch ms). */
export function lastActiveMinute(
  job: ForecastJob,
  { first, length }: Span,
  index: number,
  at: number,
): number {
  return Math.min(length - 1, Math.max(index, Math.ceil((at + job.takes - first) / MINUTE_MS) - 1));
}

export function computeLoad(jobs: readonly ForecastJob[], span: Span): Load {
  const load = { starts: new Uint32Array(span.length), jobs: new Uint16Array(span.length) };
  for (const job of jobs) {
    let last = -1;
    forEachStart(job, span, (index, starts, at) => {
      load.starts[index] = (load.starts[index] ?? 0) + starts;
      const end = lastActiveMinute(job, span, index, at);
      for (let minute = Math.max(index, last + 1); minute <= end; minute += 1)
        load.jobs[minute] = (load.jobs[minute] ?? 0) + 1;
      last = Math.max(last, end);
    });
  }
  return load;
}

/** At most this many instants are listed per step; further starts are only counted. */
const MAX_INSTANTS = 20;

/** The upcoming starts of a job in one step of a period. */
export interface UpcomingStarts {
  jobId: string;
  /** The first instants at which it starts, with its stagger, epoch ms; at least one. */
  at: number[];
  /** The number of starts. */
  count: number;
  /** How long a run takes, by the job's last runs, in ms; 0 when not known. */
  takes: number;
}

/** A period divided into steps of `step` ms: `[from, until)`, epoch ms. */
interface SteppedPeriod {
  from: number;
  until: number;
  step: number;
}

/** Returns the starts after `now` in the steps of a period, by job and in order of time. */
export function upcomingStarts(
  jobs: readonly ForecastJob[],
  { from, until, step }: SteppedPeriod,
  now: number,
): UpcomingStarts[] {
  const found: UpcomingStarts[] = [];
  for (const job of jobs) {
    // A run that starts within the period may have been due before it.
    const shift = staggerDelayMs(job);
    const span = forecastSpan([job], Math.max(now, from - 1) - shift, until - 1 - shift);
    let stepIndex = -1;
    forEachStart(job, span, (_index, starts, at) => {
      if (at < from || at >= until) return;
      const currentStep = Math.floor((at - from) / step);
      const last = currentStep === stepIndex ? found.at(-1) : undefined;
      stepIndex = currentStep;
      if (last === undefined) found.push({ jobId: job.jobId, at: [at], count: starts, takes: job.takes });
      else {
        last.count += starts;
        if (last.at.length < MAX_INSTANTS) last.at.push(at);
      }
    });
  }
  return found;
}

/**
 * Counts how many jobs are active at once in each step of a period, if each run takes its known duration. Jobs are
 * added in batches: adding ten thousand at once would block an interface for too long.
 */
export class UpcomingLoad {
  readonly #period: SteppedPeriod;
  readonly #begin: number;
  readonly #span: Span;
  readonly #minutes: Uint32Array;

  /** @param jobs all jobs that will be added; starts up to `now` are ignored */
  constructor(jobs: readonly ForecastJob[], period: SteppedPeriod, now: number) {
    this.#period = period;
    this.#begin = Math.min(period.until, Math.max(now, period.from));
    this.#span = forecastSpan(jobs, this.#begin, Math.max(this.#begin, period.until - 1));
    this.#minutes = new Uint32Array(this.#span.length);
  }

  add(jobs: readonly ForecastJob[]): void {
    if (this.#begin >= this.#period.until) return;
    for (const [minute, count] of computeLoad(jobs, this.#span).jobs.entries())
      this.#minutes[minute] = (this.#minutes[minute] ?? 0) + count;
  }

  /** Returns the maximum of each step: the most jobs active in one minute. */
  steps(): Uint32Array {
    const { from, until, step } = this.#period;
    const steps = new Uint32Array(Math.ceil((until - from) / step));
    for (const [index, count] of this.#minutes.entries()) {
      const at = Math.max(this.#begin, this.#span.first + index * MINUTE_MS);
      const stepIndex = Math.floor((at - from) / step);
      if (at >= until) break;
      steps[stepIndex] = Math.max(steps[stepIndex] ?? 0, count);
    }
    return steps;
  }
}
