import { clearNextFilter } from '../jobs/jobs-view.ts';
import { computeLayout } from '../layout.ts';
import { openDialog } from '../state/dialog.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { closeView, currentView } from '../state/view.ts';
import { currentRules } from '../state/view-rules.ts';
import { EMPTY_LINE } from '../text/edit-line.ts';
import type { Action } from './action.ts';
import { quit } from './quit.ts';

const SIDE_PANE_VIEW = { hasSide: true, pane: 'main' } as const;

/** What can be done in every view. */
export const programActions: readonly Action[] = [
  {
    id: 'view.pane',
    title: 'Go to the other pane',
    group: 'View',
    scope: 'everywhere',
    keys: ['tab', 'shift+tab'],
    footer: 'pane',
    // Where there is room for one pane only, nothing else tells of the other.
    urgent: (state) => (computeLayout(state, SIDE_PANE_VIEW).kind === 'single' ? 'pane' : undefined),
    available: (state) => {
      const { hasSide, ownsTab } = currentRules(state);
      return hasSide && !ownsTab ? true : 'There is no other pane to go to.';
    },
    perform: (state) => step({ ...state, pane: state.pane === 'main' ? 'side' : 'main' }),
  },
  {
    id: 'view.back',
    title: 'Go back',
    group: 'View',
    scope: 'everywhere',
    keys: ['escape'],
    footer: 'back',
    urgent: whatEscClears,
    available: (state) =>
      canGoBack(state) || whatEscClears(state) !== undefined
        ? true
        : 'This is the first view: Esc goes no further back, q quits.',
    perform: (state) => (whatEscClears(state) === undefined ? goBack(state) : step(clearNextFilter(state))),
  },
  {
    id: 'palette.open',
    title: 'Find an action by its name',
    group: 'Find',
    scope: 'everywhere',
    keys: [':', 'ctrl+p'],
    footer: 'actions',
    perform: (state) => openDialog(state, { kind: 'palette', query: EMPTY_LINE, index: 0 }),
  },
  {
    id: 'help.open',
    title: 'Show all keys',
    group: 'Find',
    scope: 'everywhere',
    keys: ['?', 'ctrl+g'],
    footer: 'help',
    perform: (state) => openDialog(state, { kind: 'help', query: EMPTY_LINE, top: 0 }),
  },
  {
    id: 'program.mouse',
    title: 'Switch the mouse on or off (off: the terminal selects text itself)',
    group: 'Program',
    scope: 'everywhere',
    keys: ['m'],
    perform: (state) => {
      const on = !state.mouse;
      return step({ ...state, mouse: on }, { kind: 'use_mouse', on });
    },
  },
  {
    id: 'program.suspend',
    title: 'Go to the shell for a while (fg comes back)',
    group: 'Program',
    scope: 'everywhere',
    keys: ['ctrl+z'],
    perform: (state) => step(state, { kind: 'suspend' }),
  },
  {
    id: 'program.quit',
    title: 'Quit',
    group: 'Program',
    scope: 'everywhere',
    keys: ['q'],
    footer: 'quit',
    perform: quit,
  },
];

function goBack(state: State): Step {
  if (state.pane === 'side') return step({ ...state, pane: 'main' });
  return currentRules(state).onLeave?.(state) ?? closeView(state);
}

/** In the list of jobs Esc first gives up what narrows it down. */
function whatEscClears(state: State): string | undefined {
  const { table, find } = state.jobs;
  if (currentView(state).name !== 'jobs' || state.pane === 'side') return undefined;
  if (table.rangeFrom !== undefined) return 'no range';
  if (table.marks.size > 0) return 'no marks';
  return find.line.text === '' ? undefined : 'show all';
}

function canGoBack(state: State): boolean {
  return state.views.length > 1 || state.pane === 'side';
}
