import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../../core/schedule/upcoming-starts.ts';
import type { CellPeriod } from './model.ts';
import { cellAt } from './period.ts';
import { cellRange } from './strip.ts';

/** An entry under the cursor. `at` is its start, past or planned, epoch ms. */
export type TimelineEntry =
  | { kind: 'run'; at: number; run: TimelineRun }
  | { kind: 'coming'; at: number; takes: number }
  /** Occurrences after `at` that are too numerous to list. */
  | { kind: 'more'; at: number; count: number };

/** The runs of a job that overlap a cell and the occurrences in it, in time order. */
export function entriesAt(
  period: CellPeriod,
  cell: number,
  { runs, upcoming }: { runs: readonly TimelineRun[]; upcoming: readonly UpcomingStarts[] },
  now: number,
): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  for (const run of runs) {
    const { first, last } = cellRange(period, run, now);
    if (first <= cell && cell <= last) entries.push({ kind: 'run', at: run.begin, run });
  }
  for (const { at, count, takes } of upcoming) {
    if (cellAt(period, at[0] ?? 0) !== cell) continue;
    for (const each of at) entries.push({ kind: 'coming', at: each, takes });
    if (count > at.length) entries.push({ kind: 'more', at: at.at(-1) ?? 0, count: count - at.length });
  }
  return entries.sort((a, b) => a.at - b.at);
}

/** The nearest start of a run or occurrence of a job in a cell after (or before) `cell`, epoch ms. */
export function nextEvent(
  period: CellPeriod,
  cell: number,
  { runs, upcoming }: { runs: readonly TimelineRun[]; upcoming: readonly UpcomingStarts[] },
  direction: 1 | -1,
): number | undefined {
  const instants = [...runs.map(({ begin }) => begin), ...upcoming.map(({ at }) => at[0] ?? 0)]
    .filter((at) => (cellAt(period, at) - cell) * direction > 0)
    .sort((a, b) => (a - b) * direction);
  return instants[0];
}
