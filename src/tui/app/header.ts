import { pluralize } from '../../core/lib/pluralize.ts';
import { wallClock } from '../../core/schedule/engine/instant.ts';
import { newLoss } from '../features/activity/reducer.ts';
import { countDueSoon, type HomeData, type SchedulerView } from '../home/home-data.ts';
import { READ_ONLY, shortHomeName } from '../home/home-name.ts';
import type { JobRow } from '../home/job-row.ts';
import { stateCounts } from '../home/job-row.ts';
import { type JobDisplayState, STATUS_DISPLAY, stateRank } from '../home/job-states.ts';
import type { State } from '../kernel/model.ts';
import { memoize } from '../ui/memoize.ts';
import { textWidth, truncate } from '../ui/text/fit.ts';
import type { StyleName } from '../ui/theme.ts';
import { hourAndMinute } from '../ui/time/format-date-time.ts';
import { formatTimeAgo } from '../ui/time/format-duration.ts';

/** A piece of the header; a text that is a function changes with the time (epoch ms). */
export interface HeaderPart {
  readonly id: string;
  readonly side: 'left' | 'right';
  readonly text: string | ((now: number) => string);
  readonly style: StyleName;
}

/** Cells between two parts. */
export const HEADER_GAP = 2;

type Ranked = HeaderPart & { priority: number; isCount?: true };

/**
 * What the first line says, as much as fits into `columns`: where we are, how many jobs are in which state, what is due,
 * the scheduler, the time. What needs somebody is the last to go.
 */
export function headerParts(state: State, title: string): readonly HeaderPart[] {
  const { home, columns, now } = state;
  const buildParts = (hasLabels: boolean): readonly Ranked[] => [
    { id: 'title', side: 'left', text: truncate(title, columns - 7), style: 'heading', priority: 100 },
    ...(home === undefined ? [] : countParts(home, hasLabels)),
    ...homeNameParts(state),
    ...(home === undefined ? [] : [...alertParts(home), ...lossParts(state, home), ...homeParts(home, now)]),
    ...clockParts(state),
  ];
  const parts = fitParts(buildParts(true), columns, now);
  const isMissingState =
    home !== undefined && statesNeedingAttention(home).some((word) => !parts.some(({ id }) => id === word));
  return withFullName(isMissingState ? fitParts(buildParts(false), columns, now) : parts, state);
}

/** Of a long name of a home so much is shown before it goes. */
const MIN_NAME = 12;
/** From so many columns on it is worth more than how many jobs are well, and than what is due. */
const ROOMY = 100;

/** Which home it is, and that it can only be looked at. */
function homeNameParts({ homeName, readOnly, columns }: State): Ranked[] {
  const name = shortHomeName(homeName, MIN_NAME);
  return [
    { id: 'place', side: 'right', text: name, style: 'faint', priority: columns < ROOMY ? 40 : 70 },
    ...(readOnly
      ? [{ id: 'read-only', side: 'right', text: READ_ONLY, style: 'warning', priority: 92 } as const]
      : []),
  ];
}

/** The room that is left is for the name of the home, and for that of the program before it. */
function withFullName(
  parts: readonly HeaderPart[],
  { homeName, columns, now }: State,
): readonly HeaderPart[] {
  const used = parts.reduce((sum, { text }) => sum + HEADER_GAP + textWidth(textAt(text, now)), -HEADER_GAP);
  return parts.map((part) => {
    if (part.id !== 'place') return part;
    const room = columns - used + textWidth(textAt(part.text, now));
    const fullName = `QuickScrape ${homeName}`;
    return { ...part, text: textWidth(fullName) <= room ? fullName : shortHomeName(homeName, room) };
  });
}

function textAt(text: HeaderPart['text'], now: number): string {
  return typeof text === 'string' ? text : text(now);
}

/** Of the counts none is left out for one that tells less. */
function fitParts(parts: readonly Ranked[], columns: number, now: number): readonly Ranked[] {
  let room = columns + HEADER_GAP;
  let hasRoomForCounts = true;
  const visible = parts
    .toSorted((one, other) => other.priority - one.priority)
    .filter(({ text, isCount }) => {
      const cells = textWidth(textAt(text, now)) + HEADER_GAP;
      const fits = cells <= room && (!isCount || hasRoomForCounts);
      if (fits) room -= cells;
      else if (isCount) hasRoomForCounts = false;
      return fits;
    });
  return parts.filter((part) => visible.includes(part));
}

/** The states that some jobs are in and that want somebody. */
function statesNeedingAttention({ jobs }: HomeData): readonly JobDisplayState[] {
  return stateCounts(jobs).flatMap(({ state }) => (stateRank(state) < stateRank('running') ? [state] : []));
}

/** @param hasLabels false: the sign and the number, for where there is little room */
function countParts({ jobs }: HomeData, hasLabels: boolean): Ranked[] {
  return stateCounts(jobs).map(({ state, jobs: count }) => ({
    id: state,
    side: 'left',
    text: `${STATUS_DISPLAY[state].icon} ${count}${hasLabels ? ` ${STATUS_DISPLAY[state].word}` : ''}`,
    style: STATUS_DISPLAY[state].style,
    priority: statePriority(state),
    isCount: true,
  }));
}

/** The states come in this order when there is little room; the last ones tell least. */
function statePriority(state: JobDisplayState): number {
  return 80 - 4 * stateRank(state);
}

function homeParts({ jobs, scheduler, stale }: HomeData, now: number): Ranked[] {
  const due = countDueSoon(jobs, now);
  return [
    ...staleParts(stale),
    ...(scheduler.held === null
      ? []
      : [{ id: 'held', side: 'right', text: 'runs are held', style: 'bad', priority: 85 } as const]),
    ...(due === 0
      ? []
      : [{ id: 'due', side: 'right', text: `${due} due within 1h`, style: 'plain', priority: 55 } as const]),
    ...slotParts(scheduler),
    schedulerPart(scheduler),
  ];
}

/** Whoever relies on alerts hears of it nowhere else. */
function alertParts({ jobs }: HomeData): Ranked[] {
  const count = failedAlerts(jobs);
  if (count === 0) return [];
  const text = `! ${pluralize(count, 'alert')} failed`;
  return [{ id: 'alerts', side: 'right', text, style: 'bad', priority: 84 }];
}

const failedAlerts = memoize(
  (jobs: readonly JobRow[]) => jobs.filter(({ callbackFailure }) => callbackFailure !== null).length,
);

/** For as long as the dashboard is open: a notice is easily missed. */
function lossParts(state: State, home: HomeData): Ranked[] {
  if (newLoss(state, home) === undefined) return [];
  return [{ id: 'loss', side: 'right', text: '! data lost, see D', style: 'bad', priority: 86 }];
}

function staleParts(stale: HomeData['stale']): Ranked[] {
  if (stale === null) return [];
  const { since } = stale;
  return [
    {
      id: 'stale',
      side: 'right',
      text: (at) => `! as of ${formatTimeAgo(since, at)}`,
      style: 'bad',
      priority: 95,
    },
  ];
}

function slotParts({ slots, slotsUsed, queued }: SchedulerView): Ranked[] {
  if (slotsUsed === 0 && queued === 0) return [];
  const waiting = queued === 0 ? '' : `, ${queued} queued`;
  return [
    {
      id: 'slots',
      side: 'right',
      text: `${slotsUsed}/${slots} slots${waiting}`,
      style: 'running',
      priority: 65,
    },
  ];
}

function schedulerPart({ state, pid }: SchedulerView): Ranked {
  if (state === 'running')
    return { id: 'scheduler', side: 'right', text: `scheduler ${pid}`, style: 'good', priority: 50 };
  return { id: 'scheduler', side: 'right', text: `scheduler ${state}`, style: 'warning', priority: 75 };
}

function clockParts({ timezone }: State): Ranked[] {
  const clock = (now: number) => hourAndMinute(wallClock(now, timezone));
  return [
    { id: 'clock', side: 'right', text: clock, style: 'plain', priority: 90 },
    { id: 'zone', side: 'right', text: timezone, style: 'faint', priority: 30 },
  ];
}
