import type { RunStatus } from '../../../core/model/run-record.ts';
import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../../core/schedule/upcoming-starts.ts';
import type { CellPeriod } from './model.ts';
import { cellAt } from './period.ts';

/** The outcome shown in a cell: the worst since the last success, or an active or queued run. */
export type CellOutcome = 'succeeded' | 'skipped' | 'cancelled' | 'missed' | 'failed' | 'running' | 'waiting';

/** From least to most severe. */
const BY_SEVERITY: readonly CellOutcome[] = [
  'succeeded',
  'skipped',
  'waiting',
  'running',
  'cancelled',
  'missed',
  'failed',
];

/** One job in one cell of time. */
export interface StripCell {
  /** The worst outcome since the last success; `null` without runs. */
  outcome: CellOutcome | null;
  /** Whether a run failed, was missed or was cancelled before the last success. */
  recovered: boolean;
  /** Whether a run is active, whatever else happened. */
  running: boolean;
  /** The number of runs that started in it, and of upcoming occurrences. */
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
 * A job's strip: one cell for each step of the period. The runs are in the order in which they started. A run is in
 * every cell that it overlaps; an active one extends to `now`.
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

/** The first and the last cell that a run overlaps, possibly outside the period. */
export function cellRange(
  period: CellPeriod,
  { begin, end, status }: TimelineRun,
  now: number,
): { first: number; last: number } {
  const first = cellAt(period, begin);
  const isRunning = status === 'running' || status === 'waiting_retry';
  // A run that ends exactly with a cell does not overlap the next one.
  const until = end ?? (isRunning ? now + 1 : begin);
  return { first, last: Math.max(first, cellAt(period, until - 1)) };
}

/** Whether the outcome is a failure: failed, missed or cancelled. */
export function isFailure(outcome: CellOutcome | null): boolean {
  return outcome === 'failed' || outcome === 'missed' || outcome === 'cancelled';
}

function worseOutcome(one: CellOutcome | null, other: CellOutcome): CellOutcome {
  return one !== null && BY_SEVERITY.indexOf(one) > BY_SEVERITY.indexOf(other) ? one : other;
}
