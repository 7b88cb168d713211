import { eachStart, type ForecastJob, loadOf, shiftOf, spanOf } from './load.ts';

const MINUTE = 60_000;
/** Of what starts in one step so many instants are told, the others only counted. */
const MOST_INSTANTS = 20;

/** What a job is going to start in one step of a period. */
export interface Coming {
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
export function comingBetween(
  jobs: readonly ForecastJob[],
  { from, until, step }: SteppedPeriod,
  now: number,
): Coming[] {
  const found: Coming[] = [];
  for (const job of jobs) {
    // What starts late within the period may have been due before it.
    const shift = shiftOf(job);
    const span = spanOf([job], Math.max(now, from - 1) - shift, until - 1 - shift);
    let cell = -1;
    eachStart(job, span, (_index, starts, at) => {
      if (at < from || at >= until) return;
      const here = Math.floor((at - from) / step);
      const last = here === cell ? found.at(-1) : undefined;
      cell = here;
      if (last === undefined) found.push({ jobId: job.jobId, at: [at], count: starts, takes: job.takes });
      else {
        last.count += starts;
        if (last.at.length < MOST_INSTANTS) last.at.push(at);
      }
    });
  }
  return found;
}

/**
 * The most jobs that want to be under way in one minute of each step of a period, if each takes as long as is known of
 * it; steps before `now` count none.
 */
export function comingAtOnce(
  jobs: readonly ForecastJob[],
  { from, until, step }: SteppedPeriod,
  now: number,
): Uint32Array {
  const steps = new Uint32Array(Math.ceil((until - from) / step));
  if (now >= until) return steps;
  const begin = Math.max(now, from);
  const span = spanOf(jobs, begin, until - 1);
  const { jobs: underWay } = loadOf(jobs, span);
  for (const [index, count] of underWay.entries()) {
    const cell = Math.floor((Math.max(begin, span.first + index * MINUTE) - from) / step);
    if (cell >= steps.length) break;
    steps[cell] = Math.max(steps[cell] ?? 0, count);
  }
  return steps;
}
