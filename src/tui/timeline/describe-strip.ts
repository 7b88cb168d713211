import type { TimelineRun } from '../../core/runs/runs-in-period.ts';
import type { UpcomingStarts } from '../../core/schedule/upcoming-starts.ts';
import { STATUS_DISPLAY } from '../theme.ts';
import { type CellPeriod, cellAt, periodEnd } from './cell-period.ts';
import { formatDayAndTime } from './time-labels.ts';

/** A job's strip for who does not see it: `3 ok, 1 failed, 5 due, next Thu 26 Nov 08:00`. */
export function describeStrip(
  period: CellPeriod,
  { runs, upcoming }: { runs: readonly TimelineRun[]; upcoming: readonly UpcomingStarts[] },
  nextRun: number | null,
  timeZone: string,
): string {
  const isVisible = (at: number) => cellAt(period, at) >= 0 && cellAt(period, at) < period.cells;
  const counts = new Map<string, number>();
  for (const { begin, status } of runs) {
    const { word } = STATUS_DISPLAY[status];
    if (isVisible(begin)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const due = upcoming.reduce((sum, { at, count }) => sum + (isVisible(at[0] ?? 0) ? count : 0), 0);
  const parts = [
    ...[...counts].map(([word, count]) => `${count} ${word}`),
    ...(due === 0 ? [] : [`${due} due`]),
    ...(nextRun === null ? [] : [`next ${formatDayAndTime(nextRun, timeZone)}`]),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** Which time a timeline shows, in words. */
export function describePeriod(period: CellPeriod, timeZone: string): string {
  return `From ${formatDayAndTime(period.from, timeZone)} to ${formatDayAndTime(periodEnd(period), timeZone)}, ${timeZone}`;
}
