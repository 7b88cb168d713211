import { type JobDisplayState, stateRank } from '../../core/jobs/job-display-state.ts';
import { displayWidth, splitGraphemes, truncateToWidth } from '../../core/lib/display-width.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { pluralize } from '../../core/lib/text.ts';
import { isRunId } from '../../core/model/ids.ts';
import { wallClock } from '../../core/schedule/engine/instant.ts';
import { newLoss } from '../features/activity/reducer.ts';
import { countWorkers } from '../features/workers/reducer.ts';
import { countDueSoon, type HomeData, type SchedulerView } from '../home/home-data.ts';
import { type JobRow, stateCounts } from '../home/job-row.ts';
import { STATUS_DISPLAY } from '../home/job-state-display.ts';
import { OVER_SSH } from '../home/openable-home.ts';
import type { State } from '../kernel/model.ts';
import { formatClockTime, formatTimeAgo, hourAndMinute } from '../ui/format.ts';
import { memoize } from '../ui/memoize.ts';
import { textAt } from '../ui/styled-row.ts';
import type { StyleName } from '../ui/theme.ts';

/** A part of the header. A text that is a function depends on the time (epoch ms). */
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
 * The parts of the first line that fit into `columns`: the view, the number of jobs by state, due runs, the scheduler,
 * the time. Parts that need the user's attention are dropped last.
 */
export function headerParts(state: State, title: string): readonly HeaderPart[] {
  const { home, columns, now } = state;
  const buildParts = (hasLabels: boolean): readonly Ranked[] => [
    { id: 'title', side: 'left', text: fitTitle(title, state), style: 'heading', priority: 100 },
    ...(home === undefined ? [] : countParts(home, hasLabels)),
    ...homeNameParts(state),
    ...(home === undefined
      ? []
      : [
          ...alertParts(home),
          ...channelParts(state, home),
          ...lossParts(state, home),
          ...executorParts(state, home),
          ...homeParts(home, now),
        ]),
    ...clockParts(state),
  ];
  const parts = fitParts(buildParts(true), columns, now);
  const isMissingState =
    home !== undefined && statesNeedingAttention(home).some((word) => !parts.some(({ id }) => id === word));
  return withFullName(isMissingState ? fitParts(buildParts(false), columns, now) : parts, state);
}

/** The width reserved for a long home name, in cells. */
const MIN_NAME = 12;
/** From this width on, the home name takes precedence over the title of the view, the number of jobs and the scheduler. */
const ROOMY = 80;
/** The clock, with the cells before it. */
const CLOCK_CELLS = HEADER_GAP + 5;
/** As much of a run's id as nearly always is unique in a home. Commands take it, too. */
const SHORT_ID = 4;

/** The title with room beside it for the clock and, on a roomy screen, for the home: ids of runs give way first. */
function fitTitle(title: string, { columns, homeName, readOnly }: State): string {
  const name = Math.min(MIN_NAME, displayWidth(homeName)) + HEADER_GAP;
  const beside = columns < ROOMY ? 0 : name + (readOnly ? READ_ONLY.length + HEADER_GAP : 0);
  const room = columns - CLOCK_CELLS - beside;
  return truncateToWidth(displayWidth(title) <= room ? title : withShortIds(title), room);
}

/** `shop · what changed from 3z5j to 5dee`; the name of the job stays as it is. */
function withShortIds(title: string): string {
  const [job = '', ...rest] = title.split(' · ');
  const short = rest.map((part) =>
    part.replaceAll(/[a-z\d]+/g, (word) => (isRunId(word) ? word.slice(0, SHORT_ID) : word)),
  );
  return [job, ...short].join(' · ');
}

/** The name of the home, and whether it is read-only. */
function homeNameParts({ homeName, readOnly, columns }: State): Ranked[] {
  const name = shortenHomeName(homeName, MIN_NAME);
  // A home on another machine must not be taken for the one here.
  const priority = homeName.endsWith(OVER_SSH) ? 91 : columns < ROOMY ? 40 : 82;
  return [
    { id: 'place', side: 'right', text: name, style: 'faint', priority },
    ...(readOnly
      ? [{ id: 'read-only', side: 'right', text: READ_ONLY, style: 'warning', priority: 92 } as const]
      : []),
  ];
}

/** Uses the remaining space for the full home name, with the program's name before it. */
function withFullName(
  parts: readonly HeaderPart[],
  { homeName, columns, now }: State,
): readonly HeaderPart[] {
  const used = parts.reduce(
    (sum, { text }) => sum + HEADER_GAP + displayWidth(textAt(text, now)),
    -HEADER_GAP,
  );
  return parts.map((part) => {
    if (part.id !== 'place') return part;
    const room = columns - used + displayWidth(textAt(part.text, now));
    const fullName = `QuickScrape ${homeName}`;
    return { ...part, text: displayWidth(fullName) <= room ? fullName : shortenHomeName(homeName, room) };
  });
}

/** Shortens the name of a home to at most `cells`. It keeps the end, because that is where homes differ. */
export function shortenHomeName(label: string, cells: number): string {
  if (displayWidth(label) <= cells) return label;
  const name = label.endsWith(OVER_SSH) ? label.slice(0, -OVER_SSH.length) : label;
  if (displayWidth(name) <= cells) return name;
  const letters = [...splitGraphemes(name)].map(({ segment }) => segment);
  while (letters.length > 0 && displayWidth(letters.join('')) > cells - 1) letters.shift();
  return truncateToWidth(`…${letters.join('')}`, cells);
}

/** Marks a dashboard that cannot change anything. */
const READ_ONLY = '[read-only]';

/** `QuickScrape ~/.quickscrape [read-only]` */
export function programTitle({ homeName, readOnly }: { homeName: string; readOnly: boolean }): string {
  return `QuickScrape ${homeName}${readOnly ? ` ${READ_ONLY}` : ''}`;
}

/** Once a count does not fit, no less important count is shown. */
function fitParts(parts: readonly Ranked[], columns: number, now: number): readonly Ranked[] {
  let room = columns + HEADER_GAP;
  let hasRoomForCounts = true;
  const visible = parts
    .toSorted((one, other) => other.priority - one.priority)
    .filter(({ text, isCount }) => {
      const cells = displayWidth(textAt(text, now)) + HEADER_GAP;
      const fits = cells <= room && (!isCount || hasRoomForCounts);
      if (fits) room -= cells;
      else if (isCount) hasRoomForCounts = false;
      return fits;
    });
  return parts.filter((part) => visible.includes(part));
}

/** The states of current jobs that need the user's attention. */
function statesNeedingAttention({ jobs }: HomeData): readonly JobDisplayState[] {
  return stateCounts(jobs).flatMap(({ state }) => (stateRank(state) < stateRank('running') ? [state] : []));
}

/** @param hasLabels false: only icon and number, for narrow terminals */
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

/** With little space, the states are shown in this order; the last ones are the least important. */
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

/** Failed alerts are shown here because users who rely on alerts would not notice them otherwise. */
function alertParts({ jobs }: HomeData): Ranked[] {
  const count = failedAlerts(jobs);
  if (count === 0) return [];
  const text = `! ${pluralize(count, 'alert')} failed`;
  return [{ id: 'alerts', side: 'right', text, style: 'bad', priority: 84 }];
}

/** A channel that fails is shown at once, because a message that does not come is not noticed. */
function channelParts({ now, timezone }: State, { failingChannels }: HomeData): Ranked[] {
  const [first, ...others] = failingChannels;
  if (first === undefined) return [];
  const text =
    others.length === 0
      ? `! ${sanitizeText(first.channel)} failing since ${formatClockTime(first.since, now, timezone)}`
      : `! ${pluralize(failingChannels.length, 'channel')} failing`;
  return [{ id: 'channels', side: 'right', text, style: 'bad', priority: 84 }];
}

const failedAlerts = memoize(
  (jobs: readonly JobRow[]) => jobs.filter(({ callbackFailure }) => callbackFailure !== null).length,
);

/** Shown as long as the dashboard is open, because a notice is easily missed. */
function lossParts(state: State, home: HomeData): Ranked[] {
  if (newLoss(state, home) === undefined) return [];
  return [{ id: 'loss', side: 'right', text: '! data lost, see D', style: 'bad', priority: 86 }];
}

/** How many workers there are where runs go to other machines, and whether something is in the way. */
function executorParts({ now, timezone }: State, { executor }: HomeData): Ranked[] {
  if (executor.kind === 'local') return [];
  const { joined, silent } = countWorkers(executor.workers);
  const count = joined === 0 ? 'no workers' : pluralize(joined, 'worker');
  const { redis } = executor;
  return [
    ...(redis?.redis === 'away'
      ? ([
          {
            id: 'redis',
            side: 'right',
            text: `! Redis away since ${formatClockTime(redis.since, now, timezone)}`,
            style: 'bad',
            priority: 87,
          },
        ] as const)
      : []),
    {
      id: 'workers',
      side: 'right',
      text: silent === 0 ? count : `${count}, ${silent} silent`,
      style: silent > 0 || joined === 0 ? 'warning' : 'plain',
      priority: silent > 0 || joined === 0 ? 83 : 52,
    },
  ];
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

function schedulerPart({ state }: SchedulerView): Ranked {
  if (state === 'running')
    return { id: 'scheduler', side: 'right', text: 'scheduler on', style: 'good', priority: 50 };
  return { id: 'scheduler', side: 'right', text: `scheduler ${state}`, style: 'warning', priority: 75 };
}

function clockParts({ timezone }: State): Ranked[] {
  const clock = (now: number) => hourAndMinute(wallClock(now, timezone));
  return [
    { id: 'clock', side: 'right', text: clock, style: 'plain', priority: 90 },
    { id: 'zone', side: 'right', text: timezone, style: 'faint', priority: 30 },
  ];
}
