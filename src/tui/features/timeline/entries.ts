import { pluralize } from '../../../core/lib/text.ts';
import type { TimelineRun } from '../../../core/runs/runs-in-period.ts';
import { wallClock } from '../../../core/schedule/engine/instant.ts';
import type { UpcomingStarts } from '../../../core/schedule/start-forecast.ts';
import { formatRunDuration, timeOfDay } from '../../ui/format.ts';
import type { CellPeriod, TimelineJob } from './model.ts';
import { cellAt, formatDayAndTime, periodEnd } from './period.ts';
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

/**
 * The description of a cell without runs: when the job is next due, if that is beyond the right edge.
 * @param idle why no coming run starts
 */
export function describeEmptyCell(
  job: TimelineJob | undefined,
  period: CellPeriod,
  timezone: string,
  idle?: string,
): string {
  if (job === undefined || !isAfterPeriod(job, period)) return 'nothing';
  return `nothing; next due ${formatDayAndTime(job.nextRun, timezone)}${afterComma(idle)}`;
}

/** Whether a job's next run is after the period. */
export function isAfterPeriod(
  job: TimelineJob,
  period: CellPeriod,
): job is TimelineJob & { readonly nextRun: number } {
  return job.nextRun !== null && job.nextRun >= periodEnd(period);
}

function afterComma(text: string | undefined): string {
  return text === undefined ? '' : `, ${text}`;
}

/** Describes an entry of the list of what is under the cursor. @param idle why no coming run starts */
export function describeTimelineEntry(entry: TimelineEntry, timezone: string, idle?: string): string {
  const when = timeOfDay(wallClock(entry.at, timezone));
  if (entry.kind === 'more') return `and ${entry.count.toLocaleString('en-US')} more after ${when}`;
  if (entry.kind === 'coming') {
    const takes = entry.takes > 0 ? `, takes about ${formatRunDuration(entry.takes)}` : '';
    return `${when} is due${takes}${afterComma(idle)}`;
  }
  const { run } = entry;
  const took =
    run.end === null || run.end === run.begin ? '' : ` in ${formatRunDuration(run.end - run.begin)}`;
  const items = run.items > 0 ? `, ${pluralize(run.items, 'item')}` : '';
  return `${when} ${run.status.replace('_', ' ')}${took}${items} (${run.trigger.replace('_', ' ')}, ${run.runId})`;
}
