import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import { wallClock } from '../../../core/schedule/engine/instant.ts';
import type { UpcomingStarts } from '../../../core/schedule/upcoming-starts.ts';
import { STATUS_DISPLAY } from '../../home/job-states.ts';
import { hourAndMinute, twoDigits } from '../../ui/time/format-date-time.ts';
import { formatRunDuration } from '../../ui/time/format-duration.ts';
import type { TimelineEntry } from './entries.ts';
import type { CellPeriod, TimelineJob } from './model.ts';
import { cellAt, cellStart, periodEnd } from './period.ts';
import { formatDayAndTime } from './time-labels.ts';

/** `Thu 26 Nov 14:15–14:30`, in a given time zone. */
export function formatCellPeriod(period: CellPeriod, cell: number, timeZone: string): string {
  const begin = cellStart(period, cell);
  return `${formatDayAndTime(begin, timeZone)}–${hourAndMinute(wallClock(begin + period.step, timeZone))}`;
}

/** The description of a cell without runs: when the job is next due, if that is beyond the right edge. */
export function describeEmptyCell(
  job: TimelineJob | undefined,
  period: CellPeriod,
  timeZone: string,
): string {
  if (job === undefined || !isAfterPeriod(job, period)) return 'nothing';
  return `nothing; due next ${formatDayAndTime(job.nextRun, timeZone)}`;
}

/** Whether a job's next run is after the period. */
export function isAfterPeriod(
  job: TimelineJob,
  period: CellPeriod,
): job is TimelineJob & { readonly nextRun: number } {
  return job.nextRun !== null && job.nextRun >= periodEnd(period);
}

/** Describes an entry of the list of what is under the cursor. */
export function describeTimelineEntry(entry: TimelineEntry, timeZone: string): string {
  const at = wallClock(entry.at, timeZone);
  const when = `${hourAndMinute(at)}:${twoDigits(at.second)}`;
  if (entry.kind === 'more') return `and ${entry.count.toLocaleString('en-US')} more after ${when}`;
  if (entry.kind === 'coming') {
    const takes = entry.takes > 0 ? `, takes about ${formatRunDuration(entry.takes)}` : '';
    return `${when} is due${takes}`;
  }
  const { run } = entry;
  const took =
    run.end === null || run.end === run.begin ? '' : ` in ${formatRunDuration(run.end - run.begin)}`;
  const items = run.items > 0 ? `, ${run.items.toLocaleString('en-US')} items` : '';
  return `${when} ${run.status.replace('_', ' ')}${took}${items} (${run.trigger.replace('_', ' ')}, ${run.runId})`;
}

/** Describes a job's strip for screen readers: `3 ok, 1 failed, 5 due, next Thu 26 Nov 08:00`. */
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

/** Describes the period of a timeline. */
export function describePeriod(period: CellPeriod, timeZone: string): string {
  return `From ${formatDayAndTime(period.from, timeZone)} to ${formatDayAndTime(periodEnd(period), timeZone)}, ${timeZone}`;
}
