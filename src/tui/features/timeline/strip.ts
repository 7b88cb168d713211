import type { RunStatus } from '../../../core/model/run-record.ts';
import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../../core/schedule/upcoming-starts.ts';
import type { CellPeriod } from './model.ts';
import { cellAt } from './period.ts';

/** What a cell says of the runs in it: the worst outcome since the last success, or that one is under way or waits. */
export type CellOutcome = 'succeeded' | 'skipped' | 'cancelled' | 'missed' | 'failed' | 'running' | 'waiting';

/** From what one need not look at to what one has to. */
const BY_SEVERITY: readonly CellOutcome[] = [
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
  upcoming: number;
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
export function buildStrip(
  period: CellPeriod,
  runs: readonly TimelineRun[],
  upcoming: readonly UpcomingStarts[],
  now: number,
): StripCell[] {
  const strip: StripCell[] = Array.from({ length: period.cells }, () => ({
    outcome: null,
    recovered: false,
    running: false,
    runs: 0,
    upcoming: 0,
  }));
  for (const run of runs) {
    const outcome = OUTCOMES[run.status];
    const { first, last } = cellRange(period, run, now);
    for (let cell = Math.max(0, first); cell <= Math.min(period.cells - 1, last); cell += 1) {
      const here = strip[cell];
      if (here === undefined) continue;
      const isRecovery = outcome === 'succeeded' && isFailure(here.outcome);
      here.recovered ||= isRecovery;
      here.outcome = isRecovery ? outcome : worseOutcome(here.outcome, outcome);
      here.running ||= outcome === 'running';
      if (cell === first) here.runs += 1;
    }
  }
  for (const { at, count } of upcoming) {
    const here = strip[cellAt(period, at[0] ?? 0)];
    if (here) here.upcoming += count;
  }
  return strip;
}

/** The first and the last cell that a run reaches into, perhaps outside of the period. */
export function cellRange(
  period: CellPeriod,
  { begin, end, status }: TimelineRun,
  now: number,
): { first: number; last: number } {
  const first = cellAt(period, begin);
  const isRunning = status === 'running' || status === 'waiting_retry';
  // What ends with a cell does not reach into the next one.
  const until = end ?? (isRunning ? now + 1 : begin);
  return { first, last: Math.max(first, cellAt(period, until - 1)) };
}

/** Whether nothing came of it. */
export function isFailure(outcome: CellOutcome | null): boolean {
  return outcome === 'failed' || outcome === 'missed' || outcome === 'cancelled';
}

function worseOutcome(one: CellOutcome | null, other: CellOutcome): CellOutcome {
  return one !== null && BY_SEVERITY.indexOf(one) > BY_SEVERITY.indexOf(other) ? one : other;
}
