import type { JobRow } from '../../home/job-row.ts';
import type { Reducer, State } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { clickedLine, type Input, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout } from '../../ui/layout.ts';
import { memoize } from '../../ui/memoize.ts';
import type { ViewRules } from '../define-feature.ts';
import { FIND_KEYS, inputToFind } from '../jobs/filter/find-state.ts';
import { findRows, listedJobs, withFind } from '../jobs/reducer.ts';
import type { TimelineEvent, TimelineJob, TimelineSort, TimelineView } from './model.ts';

import { currentCursor, reduceTimeline, sortTimeline, timelineQuery } from './reduce-timeline.ts';

/** Screens with fewer rows leave out optional lines. */
const COMPACT_ROWS = 14;
/** The number of lines for the list of what is under the cursor. */
const LIST_LINES = 8;

export const timelineRules: ViewRules = {
  title: (state) => `Timeline, ${state.timeline.slice.span === 'day' ? '24 hours' : '7 days'}`,
  onInput: (state, input) => {
    const { find } = state.jobs;
    if (find.isOpen && input.kind !== 'mouse')
      return step(withFind(state, inputToFind(find, input, state.home?.jobs ?? [])));
    const { entry } = state.timeline.slice;
    if (keyOf(input) === 'escape' && entry !== null)
      return step(dispatchToTimeline(state, { kind: 'close' }));
    const clicked = click(state, input);
    if (clicked !== undefined) return step(clicked);
    const by = wheelRows(input);
    return by === 0 ? undefined : step(dispatchToTimeline(state, { kind: 'row', by }));
  },
  footer: ({ jobs: { find } }) => (find.isOpen ? FIND_KEYS : undefined),
  subscriptions: (state) => [
    { kind: 'timeline', query: timelineQuery(state.timeline.slice, timelineView(state)) },
  ],
};

/** Selects the clicked job, and the clicked cell if there is one. */
function click(state: State, input: Input): State | undefined {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  const line = clickedLine(input, main.row + (hasLoadRow(state) ? 3 : 2));
  const view = timelineView(state);
  const { row, top, cell } = currentCursor(state.timeline.slice, view);
  if (line === undefined || input.kind !== 'mouse') return undefined;
  if (line >= view.height || top + line >= view.jobs.length) return undefined;
  const selected = dispatchToTimeline(state, { kind: 'row', by: top + line - row });
  const column = input.column - timelineIdCells(state);
  return column < 0 ? selected : dispatchToTimeline(selected, { kind: 'cell', by: column - cell });
}

/** The width of the job ids in cells, including the pointer before them and the gap after. */
export function timelineIdCells({ columns }: State): number {
  return Math.max(12, Math.min(32, Math.floor(columns * 0.22)));
}

/** Whether the row of concurrent runs is shown above the strips, below the days and hours. */
export function hasLoadRow({ rows }: State): boolean {
  return rows >= COMPACT_ROWS;
}

/** Whether a rule is drawn between the strips and the part about the cursor. */
export function hasRule({ rows }: State): boolean {
  return rows >= COMPACT_ROWS;
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
    timeZone: timezone,
    width: Math.max(8, columns - timelineIdCells(state)),
    height: Math.max(
      1,
      body - (hasLoadRow(state) ? 3 : 2) - (hasRule(state) ? 2 : 1) - listLines(state) - findRows(state),
    ),
    jobs: SORTED[timeline.slice.sort](listedJobs(state)),
    data: timeline.data,
  };
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

/** Memoized, because sorting ten thousand jobs takes longer than a key may. */
const SORTED: { readonly [S in TimelineSort]: (jobs: readonly JobRow[]) => readonly TimelineJob[] } = {
  next: memoize((jobs) => sortTimeline(jobs, 'next')),
  id: memoize((jobs) => sortTimeline(jobs, 'id')),
};
