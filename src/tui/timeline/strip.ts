import type { RunStatus } from '../../core/run/record.ts';
import type { PlacedRun } from '../../core/run/runs-between.ts';
import type { Coming } from '../../core/schedule/coming.ts';
import { type CellPeriod, cellOf } from './period.ts';

/** What a cell says of the runs in it: the worst outcome since the last success, or that one is under way or waits. */
export type CellOutcome = 'succeeded' | 'skipped' | 'cancelled' | 'missed' | 'failed' | 'running' | 'waiting';

/** From what one need not look at to what one has to. */
const WORSE: readonly CellOutcome[] = [
  'succeeded',
  'skipped',
  'waiting',
  'running',
  'cancelled',
  'missed',
  'failed',
];

/** One job in one span of time. */
export interface StripCell {
  /** The worst of the runs in it since the last that succeeded; `null` when there are none. */
  outcome: CellOutcome | null;
  /** Whether a run failed, was missed or cancelled in it before the last that succeeded. */
  recovered: boolean;
  /** Whether a run is under way in it, whatever else there was. */
  running: boolean;
  /** Runs that began in it, and occurrences that are still to come. */
  runs: number;
  coming: number;
}

const OUTCOMES: Record<RunStatus, CellOutcome> = {
  queued: 'waiting',
  waiting_retry: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'failed',
  abandoned: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  missed: 'missed',
};

/**
 * A job's strip: a cell for each span of the period, of its runs in the order in which they began. A run is in every cell
 * that it reaches into, to `now` while it is not over.
 */
export function stripOf(
  period: CellPeriod,
  runs: readonly PlacedRun[],
  coming: readonly Coming[],
  now: number,
): StripCell[] {
  const strip: StripCell[] = Array.from({ length: period.cells }, () => ({
    outcome: null,
    recovered: false,
    running: false,
    runs: 0,
    coming: 0,
  }));
  for (const run of runs) {
    const outcome = OUTCOMES[run.status];
    const { first, last } = reachOf(period, run, now);
    for (let cell = Math.max(0, first); cell <= Math.min(period.cells - 1, last); cell += 1) {
      const here = strip[cell];
      if (here === undefined) continue;
      const makesGood = outcome === 'succeeded' && isBad(here.outcome);
      here.recovered ||= makesGood;
      here.outcome = makesGood ? outcome : worse(here.outcome, outcome);
      here.running ||= outcome === 'running';
      if (cell === first) here.runs += 1;
    }
  }
  for (const { at, count } of coming) {
    const here = strip[cellOf(period, at[0] ?? 0)];
    if (here) here.coming += count;
  }
  return strip;
}

/** The first and the last cell that a run reaches into, perhaps outside of the period. */
export function reachOf(
  period: CellPeriod,
  { begin, end, status }: PlacedRun,
  now: number,
): { first: number; last: number } {
  const first = cellOf(period, begin);
  const goesOn = status === 'running' || status === 'waiting_retry';
  // What ends with a cell does not reach into the next one.
  const until = end ?? (goesOn ? now + 1 : begin);
  return { first, last: Math.max(first, cellOf(period, until - 1)) };
}

/** Whether nothing came of it. */
export function isBad(outcome: CellOutcome | null): boolean {
  return outcome === 'failed' || outcome === 'missed' || outcome === 'cancelled';
}

function worse(one: CellOutcome | null, other: CellOutcome): CellOutcome {
  return one !== null && WORSE.indexOf(one) > WORSE.indexOf(other) ? one : other;
}
