import { wallClock } from '../../core/schedule/engine/instant.ts';
import { hourAndMinute, twoDigits } from '../time/calendar.ts';
import { formatRunDuration } from '../time/format-duration.ts';
import { type CellPeriod, cellStart, periodEnd } from './cell-period.ts';
import { formatDayAndTime } from './time-labels.ts';
import type { TimelineEntry } from './timeline-entries.ts';
import type { TimelineJob } from './timeline-slice.ts';

/** `Thu 26 Nov 14:15–14:30`, by the clocks of a zone. */
export function formatCellPeriod(period: CellPeriod, cell: number, timeZone: string): string {
  const begin = cellStart(period, cell);
  return `${formatDayAndTime(begin, timeZone)}–${hourAndMinute(wallClock(begin + period.step, timeZone))}`;
}

/** What there is to say of a cell in which nothing happens: when the job is due, where that lies beyond the right edge. */
export function describeEmptyCell(
  job: TimelineJob | undefined,
  period: CellPeriod,
  timeZone: string,
): string {
  if (job === undefined || !isAfterPeriod(job, period)) return 'nothing';
  return `nothing; due next ${formatDayAndTime(job.nextRun, timeZone)}`;
}

/** Whether a job's next run comes after the period. */
export function isAfterPeriod(
  job: TimelineJob,
  period: CellPeriod,
): job is TimelineJob & { readonly nextRun: number } {
  return job.nextRun !== null && job.nextRun >= periodEnd(period);
}

/** An entry of the list of what is under the cursor. */
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
