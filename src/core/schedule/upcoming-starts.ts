import {
  computeLoad,
  type ForecastJob,
  forEachStart,
  forecastSpan,
  type Span,
  staggerOffsetMs,
} from './load.ts';

const MINUTE = 60_000;
/** Of what starts in one step so many instants are told, the others only counted. */
const MAX_INSTANTS = 20;

/** What a job is going to start in one step of a period. */
export interface UpcomingStarts {
  jobId: string;
  /** The first instants at which it starts, with its stagger, epoch ms; at least one. */
  at: number[];
  /** How many there are. */
  count: number;
  /** How long one takes, by the job's last runs, in ms; 0 while that is not known. */
  takes: number;
}

/** A period in steps of `step` ms: `[from, until)`, epoch ms. */
export interface SteppedPeriod {
  from: number;
  until: number;
  step: number;
}

/** What each job is going to start after `now` in the steps of a period, by job and in the order of time. */
export function upcomingStarts(
  jobs: readonly ForecastJob[],
  { from, until, step }: SteppedPeriod,
  now: number,
): UpcomingStarts[] {
  const found: UpcomingStarts[] = [];
  for (const job of jobs) {
    // What starts late within the period may have been due before it.
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
 * How many jobs want to be under way at once in the steps of a period, if each takes as long as is known of it. Jobs are
 * added some at a time: all of ten thousand take longer than an interface may be busy.
 */
export class UpcomingLoad {
  readonly #period: SteppedPeriod;
  readonly #begin: number;
  readonly #span: Span;
  readonly #minutes: Uint32Array;

  /** @param jobs all that are going to be added; what starts up to `now` does not count */
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

  /** The most in one minute of each step. */
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
