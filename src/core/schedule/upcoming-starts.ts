import {
  computeLoad,
  type ForecastJob,
  forEachStart,
  forecastSpan,
  type Span,
  staggerOffsetMs,
} from './load.ts';

const MINUTE = 60_000;
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
export interface SteppedPeriod {
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
    const shift = staggerOffsetMs(job);
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
      const at = Math.max(this.#begin, this.#span.first + index * MINUTE);
      const stepIndex = Math.floor((at - from) / step);
      if (at >= until) break;
      steps[stepIndex] = Math.max(steps[stepIndex] ?? 0, count);
    }
    return steps;
  }
}
