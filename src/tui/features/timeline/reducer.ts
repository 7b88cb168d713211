import { DAY_MS, HOUR_MS } from '../../../core/lib/clock.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Reducer, State } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { clickedLine, type Input, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout } from '../../ui/layout.ts';
import { memoize } from '../../ui/memoize.ts';
import { clamp, describePlace, scrollIntoView } from '../../ui/scroll.ts';
import type { ViewRules } from '../define-feature.ts';
import { FILTER_PROMPT_KEYS, inputToFilterPrompt } from '../jobs/filter/filter-prompt.ts';
import { filterPromptRows, listedJobs, withFilterPrompt } from '../jobs/reducer.ts';
import { entriesAt, nextEvent, type TimelineEntry } from './entries.ts';
import type {
  CellPeriod,
  TimelineEvent,
  TimelineJob,
  TimelineQuery,
  TimelineSlice,
  TimelineSort,
  TimelineView,
} from './model.ts';
import { cellAt, cellStart, cellsFor, describeLength, floorToStep, periodAround } from './period.ts';
import { WHOLE_LEGEND_CELLS } from './strip.ts';

/** Screens with fewer rows leave out optional lines. */
const COMPACT_ROWS = 14;
/** The number of lines for the list of what is under the cursor. */
const LIST_LINES = 8;

export const timelineRules: ViewRules = {
  title: (state) => {
    const { slice } = state.timeline;
    const view = timelineView(state);
    const { row: index } = currentCursor(slice, view);
    const place = describePlace({ index, count: view.jobs.length, height: view.height });
    return `Timeline${place}, ${describeLength(visiblePeriod(slice, view))}`;
  },
  onInput: (state, input) => {
    const { filterPrompt } = state.jobs;
    if (filterPrompt.isOpen && input.kind !== 'mouse')
      return step(withFilterPrompt(state, inputToFilterPrompt(filterPrompt, input, state.home?.jobs ?? [])));
    const { entry } = state.timeline.slice;
    if (keyOf(input) === 'escape' && entry !== null)
      return step(dispatchToTimeline(state, { kind: 'close' }));
    const clicked = click(state, input);
    if (clicked !== undefined) return step(clicked);
    const by = wheelRows(input);
    return by === 0 ? undefined : step(dispatchToTimeline(state, { kind: 'row', by }));
  },
  rowAt,
  footer: ({ jobs: { filterPrompt } }) => (filterPrompt.isOpen ? FILTER_PROMPT_KEYS : undefined),
  subscriptions: (state) => [
    { kind: 'timeline', query: timelineQuery(state.timeline.slice, timelineView(state)) },
  ],
};

/** Selects the clicked job, and the clicked cell if there is one. */
function click(state: State, input: Input): State | undefined {
  const at = rowAt(state, input);
  if (at === undefined || input.kind !== 'mouse') return undefined;
  const { row, cell } = currentCursor(state.timeline.slice, timelineView(state));
  const selected = dispatchToTimeline(state, { kind: 'row', by: at - row });
  const column = input.column - timelineIdCells(state);
  return column < 0 ? selected : dispatchToTimeline(selected, { kind: 'cell', by: column - cell });
}

function rowAt(state: State, input: Input): number | undefined {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  const line = clickedLine(input, main.row + (hasLoadRow(state) ? 3 : 2));
  const view = timelineView(state);
  if (line === undefined || line >= view.height) return undefined;
  const row = currentCursor(state.timeline.slice, view).top + line;
  return row < view.jobs.length ? row : undefined;
}

const MIN_ID_CELLS = 12;
/** No more of the width than this is for the job ids. */
const ID_SHARE = 0.3;
const MAX_ID_CELLS = 48;

/** The width of the job ids in cells, including the pointer before them and the gap after: as wide as the longest. */
export function timelineIdCells(state: State): number {
  const { columns, home, timezone } = state;
  const heads = [timezone, ...(hasLoadRow(state) ? [loadLabel(state)] : [])].map(displayWidth);
  const needed = Math.max(
    MIN_ID_CELLS,
    longestId(home?.jobs ?? NO_JOBS) + 2,
    ...heads.map((cells) => cells + 1),
  );
  return Math.min(needed, MAX_ID_CELLS, Math.max(MIN_ID_CELLS, Math.floor(columns * ID_SHARE)));
}

const NO_JOBS: readonly JobRow[] = [];

/** Of all jobs, so that the strips stay where they are while the list is filtered. */
const longestId = memoize((jobs: readonly JobRow[]) =>
  jobs.reduce((cells, { id }) => Math.max(cells, displayWidth(id)), 0),
);

/** What stands before the row of concurrent runs. */
export function loadLabel({ home }: State): string {
  return `at once, of ${home?.scheduler.slots ?? 1}`;
}

/** Whether the row of concurrent runs is shown above the strips, below the days and hours. */
export function hasLoadRow({ rows }: State): boolean {
  return rows >= COMPACT_ROWS;
}

/** Whether there is a rule with the legend between the strips and the part about the cursor. */
export function hasRule({ rows }: State): boolean {
  return rows >= COMPACT_ROWS;
}

/** A screen of fewer rows has one line for the legend, others as many as all signs may need. */
const TWO_LINES_FROM_ROWS = 20;

/** The number of lines for the rule with the legend, whichever signs occur: the strips stay where they are. */
export function legendRows(state: State): number {
  if (!hasRule(state)) return 0;
  const { columns, rows, linear } = state;
  return linear || rows < TWO_LINES_FROM_ROWS || columns >= WHOLE_LEGEND_CELLS ? 1 : 2;
}

/** The number of lines for the list of what is under the cursor; 0 while it is closed. */
export function listLines({ timeline, rows }: State): number {
  return timeline.slice.entry === null ? 0 : Math.min(LIST_LINES, Math.max(2, rows - 12));
}

/** The screen area and the content of the timeline. */
export function timelineView(state: State): TimelineView {
  const { columns, rows, now, timezone, timeline } = state;
  const body = rows - 3;
  return {
    now,
    timezone,
    width: Math.max(8, columns - timelineIdCells(state)),
    height: Math.max(
      1,
      body -
        (hasLoadRow(state) ? 3 : 2) -
        (legendRows(state) + 1) -
        listLines(state) -
        filterPromptRows(state),
    ),
    jobs: SORTED[timeline.slice.sort](listedJobs(state)),
    data: timeline.data,
  };
}

/** Memoized, because sorting ten thousand jobs takes longer than a key may. */
const SORTED: { readonly [S in TimelineSort]: (jobs: readonly JobRow[]) => readonly TimelineJob[] } = {
  next: memoize((jobs) => sortTimeline(jobs, 'next')),
  id: memoize((jobs) => sortTimeline(jobs, 'id')),
};

/** The jobs in the order of the timeline: by next run or by id. Equal next runs are ordered by id. */
export function sortTimeline(jobs: readonly TimelineJob[], sort: TimelineSort): TimelineJob[] {
  const due = ({ nextRun }: TimelineJob) => nextRun ?? Number.POSITIVE_INFINITY;
  const byId = (a: TimelineJob, b: TimelineJob) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  if (sort === 'id') return [...jobs].sort(byId);
  return [...jobs].sort((a, b) => (due(a) < due(b) ? -1 : due(a) > due(b) ? 1 : byId(a, b)));
}

/** The state after an event in the timeline. */
export function dispatchToTimeline(state: State, event: TimelineEvent): State {
  const slice = reduceTimeline(state.timeline.slice, timelineView(state), event);
  return slice === state.timeline.slice ? state : { ...state, timeline: { ...state.timeline, slice } };
}

/** Records the data that was read. */
export const timelineReducer: Reducer = (state, event) =>
  event.kind === 'timeline'
    ? step({ ...state, timeline: { ...state.timeline, data: event.data } })
    : step(state);

/** The maximum scroll distance from now, in either direction. */
const MAX_DISTANCE_MS = 31 * DAY_MS;

/** The state after an event. An event without a target changes nothing. */
export function reduceTimeline(
  slice: TimelineSlice,
  view: TimelineView,
  event: TimelineEvent,
): TimelineSlice {
  switch (event.kind) {
    case 'cell':
      return toInstant(
        closed(slice),
        view,
        cellStart(visiblePeriod(slice, view), currentCursor(slice, view).cell + event.by),
      );
    case 'event': {
      const { cell, row } = currentCursor(slice, view);
      const at = nextEvent(visiblePeriod(slice, view), cell, dataOf(view, row), event.direction);
      return at === undefined ? slice : toInstant(closed(slice), view, at);
    }
    case 'row':
      return toRow(closed(slice), view, currentCursor(slice, view).row + event.by);
    case 'pan':
      return panned(closed(slice), view, event.by * (event.unit === 'hour' ? HOUR_MS : DAY_MS));
    case 'now':
      return { ...closed(slice), from: null, at: null };
    case 'span':
      // Toggles the span, around the instant under the cursor.
      return around({ ...closed(slice), span: slice.span === 'day' ? 'week' : 'day', from: null }, view);
    case 'sort':
      return { ...closed(slice), sort: slice.sort === 'next' ? 'id' : 'next' };
    case 'list':
      return entriesUnderCursor(slice, view).length === 0 ? slice : { ...slice, entry: 0 };
    case 'close':
      return closed(slice);
    case 'entry': {
      const last = entriesUnderCursor(slice, view).length - 1;
      return slice.entry === null
        ? slice
        : { ...slice, entry: clamp(slice.entry + event.by, 0, Math.max(0, last)) };
    }
    default:
      return event satisfies never;
  }
}

/** The visible period. */
export function visiblePeriod(
  { span, from }: TimelineSlice,
  { now, width, timezone }: TimelineView,
): CellPeriod {
  if (from === null) return periodAround(now, span, width, timezone);
  return { from, ...cellsFor(span, width) };
}

/** The cell and the row of the cursor, and the top row; the row is -1 when there are no jobs. */
export function currentCursor(
  slice: TimelineSlice,
  view: TimelineView,
): { cell: number; row: number; top: number } {
  const period = visiblePeriod(slice, view);
  const cell = clamp(cellAt(period, slice.at ?? view.now), 0, period.cells - 1);
  const isInPlace = view.jobs[slice.row]?.id === slice.jobId;
  const known = isInPlace ? slice.row : view.jobs.findIndex(({ id }) => id === slice.jobId);
  const row = known >= 0 ? known : Math.min(slice.row, view.jobs.length - 1);
  return { cell, row, top: topFor(slice.top, row, view) };
}

/** The visible jobs. */
export function visibleJobs(slice: TimelineSlice, view: TimelineView): readonly TimelineJob[] {
  const { top } = currentCursor(slice, view);
  return view.jobs.slice(top, top + view.height);
}

/** The entries under the cursor, in time order. */
export function entriesUnderCursor(slice: TimelineSlice, view: TimelineView): TimelineEntry[] {
  const { cell, row } = currentCursor(slice, view);
  return entriesAt(visiblePeriod(slice, view), cell, dataOf(view, row), view.now);
}

const NO_DATA = { runs: [], upcoming: [] };

function dataOf({ jobs, data }: TimelineView, row: number) {
  const id = jobs[row]?.id;
  if (id === undefined || data === undefined) return NO_DATA;
  return { runs: data.runs.get(id) ?? [], upcoming: data.upcoming.get(id) ?? [] };
}

function closed(slice: TimelineSlice): TimelineSlice {
  return slice.entry === null ? slice : { ...slice, entry: null };
}

/** Moves the cursor to an instant. If the instant is outside the period, the period moves too. */
function toInstant(slice: TimelineSlice, view: TimelineView, at: number): TimelineSlice {
  const target = clamp(at, view.now - MAX_DISTANCE_MS, view.now + MAX_DISTANCE_MS);
  const period = visiblePeriod(slice, view);
  const cell = cellAt(period, target);
  const moved = { ...slice, at: target };
  if (cell < 0) return { ...moved, from: cellStart(period, cell) };
  if (cell >= period.cells) return { ...moved, from: cellStart(period, cell - period.cells + 1) };
  return moved;
}

function toRow(slice: TimelineSlice, view: TimelineView, requested: number): TimelineSlice {
  if (view.jobs.length === 0) return slice;
  const row = clamp(requested, 0, view.jobs.length - 1);
  return { ...slice, jobId: view.jobs[row]?.id ?? null, row, top: topFor(slice.top, row, view) };
}

/** Scrolls the period. The cursor stays in its column. */
function panned(slice: TimelineSlice, view: TimelineView, by: number): TimelineSlice {
  const period = visiblePeriod(slice, view);
  // A cell may be longer than the requested distance.
  const far = Math.abs(by) < period.step ? Math.sign(by) * period.step : by;
  const requested = clamp(
    period.from + far,
    view.now - MAX_DISTANCE_MS,
    view.now + MAX_DISTANCE_MS - period.step * period.cells,
  );
  const from = floorToStep(requested, Math.min(period.step, HOUR_MS), view.timezone);
  const { cell } = currentCursor(slice, view);
  return { ...slice, from, at: from + cell * period.step };
}

function around(slice: TimelineSlice, view: TimelineView): TimelineSlice {
  if (slice.at === null) return slice;
  return { ...slice, from: periodAround(slice.at, slice.span, view.width, view.timezone).from };
}

function topFor(top: number, row: number, { height, jobs }: TimelineView): number {
  return scrollIntoView(row, top, height, jobs.length);
}

/**
 * The query for the visible part: its time and at least the same length on both sides, so that the cursor can go to
 * events just outside; and whole screens of jobs. Small scrolling does not change it.
 */
export function timelineQuery(slice: TimelineSlice, view: TimelineView): TimelineQuery {
  const { from, step, cells } = visiblePeriod(slice, view);
  const screen = step * cells;
  const rowsInto = Math.floor((((from % screen) + screen) % screen) / step) * step;
  const { top } = currentCursor(slice, view);
  const first = Math.floor(top / view.height) * view.height;
  return {
    period: { from: from - rowsInto - screen, step, cells: 4 * cells },
    jobIds: view.jobs.slice(first, first + 2 * view.height).map(({ id }) => id),
  };
}
