import type { Action } from '../../kernel/action.ts';
import type { State, Step } from '../../kernel/model.ts';
import { listMoves } from '../../kernel/move-actions.ts';
import { withNotice } from '../../kernel/notices.ts';
import { openView, step } from '../../kernel/step.ts';
import { openJobView } from '../runs/reducer.ts';
import type { TimelineEntry } from './entries.ts';
import type { TimelineEvent } from './model.ts';
import { currentCursor, dispatchToTimeline, entriesUnderCursor, timelineView } from './reducer.ts';

const NEXT: TimelineEvent = { kind: 'event', direction: 1 };
const PREVIOUS: TimelineEvent = { kind: 'event', direction: -1 };

/** Actions on the timeline. */
export const timelineActions: readonly Action[] = [
  {
    id: 'timeline.open',
    title: 'Show the timeline: past and upcoming runs',
    synonyms: ['calendar', 'schedule', 'gantt', 'forecast', 'upcoming', 'agenda'],
    group: 'View',
    scope: ['jobs', 'runs'],
    keys: ['T'],
    footer: 'timeline',
    perform: (state) => {
      const jobId = jobInView(state);
      const found = timelineView(state).jobs.findIndex(({ id }) => id === jobId);
      const by = found < 0 ? 0 : found - cursor(state).row;
      const there = by === 0 ? state : dispatchToTimeline(state, { kind: 'row', by });
      return openView(there, { name: 'timeline' });
    },
    command: () => 'quickscrape forecast',
  },
  move('left', 'Go to the previous cell', ['h', 'left'], { kind: 'cell', by: -1 }),
  move('right', 'Go to the next cell', ['l', 'right'], { kind: 'cell', by: 1 }),
  ...listMoves({
    name: 'timeline',
    scope: 'timeline',
    row: 'job',
    index: (state) => chosenEntry(state) ?? cursor(state).row,
    count: (state) =>
      chosenEntry(state) === null ? timelineView(state).jobs.length : entriesAtCursor(state).length,
    height: (state) => timelineView(state).height,
    select: (state, row) => {
      const entry = chosenEntry(state);
      if (entry !== null) return done(state, { kind: 'entry', by: row - entry });
      return done(state, { kind: 'row', by: row - cursor(state).row });
    },
  }),
  {
    ...move('next-event', 'Go to the next event of the job', ['n'], NEXT, 'next'),
    perform: (state) => toEvent(state, NEXT, 'The job has no later event here; > shows the next day.'),
  },
  {
    ...move('previous-event', 'Go to the previous event of the job', ['N'], PREVIOUS),
    perform: (state) =>
      toEvent(state, PREVIOUS, 'The job has no earlier event here; < shows the previous day.'),
  },
  move('hour-back', 'Scroll back an hour', [',', 'ctrl+left'], { kind: 'pan', by: -1, unit: 'hour' }),
  move('hour-on', 'Scroll on an hour', ['.', 'ctrl+right'], { kind: 'pan', by: 1, unit: 'hour' }),
  move('day-back', 'Scroll back a day', ['<', 'shift+left'], { kind: 'pan', by: -1, unit: 'day' }),
  move('day-on', 'Scroll on a day', ['>', 'shift+right'], { kind: 'pan', by: 1, unit: 'day' }, 'next day'),
  move('now', 'Go to now, and follow the time', ['t', '0'], { kind: 'now' }, 'now'),
  {
    ...move('span', 'Change between 24 hours and 7 days', ['w'], { kind: 'span' }, '24 h / 7 d'),
    group: 'View',
  },
  { ...move('sort', 'Sort by what is due next, or by id', ['s'], { kind: 'sort' }, 'sort'), group: 'View' },
  {
    id: 'timeline.enter',
    title: 'Open the run under the cursor, or a list of several',
    group: 'Run',
    scope: 'timeline',
    keys: ['enter'],
    footer: 'open',
    available: (state) => (entriesAtCursor(state).length > 0 ? true : 'There is nothing under the cursor.'),
    perform: open,
  },
];

/** The chosen entry in the list of what is under the cursor; `null` while the list is closed. */
function chosenEntry({ timeline }: State): number | null {
  return timeline.slice.entry;
}

function entriesAtCursor(state: State): readonly TimelineEntry[] {
  return entriesUnderCursor(state.timeline.slice, timelineView(state));
}

function cursor(state: State) {
  return currentCursor(state.timeline.slice, timelineView(state));
}

/** Applies the event, or shows `nothing` as a notice when there is no target. */
function toEvent(state: State, event: TimelineEvent, nothing: string): Step {
  const gone = dispatchToTimeline(state, event);
  return step(gone === state ? withNotice(state, 'info', nothing) : gone);
}

function open(state: State): Step {
  const entries = entriesAtCursor(state);
  const entry = chosenEntry(state);
  const chosen = entries[entry ?? 0];
  if (entry === null && (entries.length > 1 || chosen?.kind !== 'run')) return done(state, { kind: 'list' });
  return chosen === undefined ? step(state) : openEntry(state, chosen);
}

function openEntry(state: State, entry: TimelineEntry): Step {
  if (entry.kind !== 'run') return step(state);
  const { runId, jobId } = entry.run;
  return openJobView(dispatchToTimeline(state, { kind: 'close' }), { name: 'log', jobId, runId });
}

/** The job at which the timeline opens. */
function jobInView(state: State): string | undefined {
  const view = state.views.at(-1);
  return view?.name === 'runs' ? view.jobId : state.jobs.table.selected;
}

function move(
  name: string,
  title: string,
  keys: readonly string[],
  event: TimelineEvent,
  footer?: string,
): Action {
  return {
    id: `timeline.${name}`,
    title,
    group: 'Move',
    scope: 'timeline',
    keys,
    ...(footer !== undefined && { footer }),
    perform: (state) => done(state, event),
  };
}

function done(state: State, event: TimelineEvent): Step {
  return step(dispatchToTimeline(state, event));
}
