import { unfinishedBatches } from '../features/batch/reducer.ts';
import { unsavedJobs } from '../features/job-form/open-form.ts';
import { clearNextFilter } from '../features/jobs/reducer.ts';
import { type Action, type Scope, scopesOf } from '../kernel/action.ts';
import { boundKeys } from '../kernel/key-bindings.ts';
import type { Effect, State, Step } from '../kernel/model.ts';
import { withNotice } from '../kernel/notices.ts';
import { closeView, currentView, openDialog, step } from '../kernel/step.ts';
import { computeLayout } from '../ui/layout.ts';
import { EMPTY_LINE } from '../ui/text/edit-line.ts';
import type { Appearance } from '../ui/theme.ts';
import { FEATURE_ACTIONS, viewOf } from './features.ts';
import { ownActions } from './own-actions.ts';

/** From the list alone to the detail alone. */
const ZOOMS = [
  { zoomed: true, pane: 'main' },
  { zoomed: false, pane: undefined },
  { zoomed: true, pane: 'side' },
] as const;

function zoom(name: string, title: string, key: string, by: 1 | -1): Action {
  return {
    id: `view.${name}`,
    title,
    group: 'View',
    scope: 'everywhere',
    keys: [key],
    available: hasOtherPane,
    perform: (state) => {
      const at = state.zoomed ? (state.pane === 'main' ? 0 : 2) : 1;
      const { zoomed, pane = state.pane } = ZOOMS[(at + by + ZOOMS.length) % ZOOMS.length] ?? ZOOMS[1];
      return step({ ...state, zoomed, pane });
    },
  };
}

function hasOtherPane(state: State): true | string {
  const { Side, ownsTab, panes, whyNoSide } = viewOf(state);
  if (Side === undefined || ownsTab) return 'There is no other pane.';
  // From the second pane, whose last row may have gone, a key leads back.
  const why = state.pane === 'main' ? whyNoSide?.(state) : undefined;
  if (why !== undefined) return why;
  return canShowSide(state) ? true : `The other pane needs a screen of ${panes?.(state).wideFrom} columns.`;
}

/** Whether this screen has room for the second pane of the view, beside the first or in its place. */
function canShowSide(state: State): boolean {
  const panes = viewOf(state).panes?.(state);
  return computeLayout(state, { hasSide: true, panes, pane: 'side' }).side !== undefined;
}

/** The actions of every view. */
const programActions: readonly Action[] = [
  {
    id: 'view.pane',
    title: 'Go to the other pane',
    synonyms: ['detail', 'focus'],
    group: 'View',
    scope: 'everywhere',
    keys: ['tab', 'shift+tab'],
    footer: 'pane',
    // With space for only one pane, nothing else shows that there is another.
    urgent: (state) => {
      const panes = viewOf(state).panes?.(state);
      return computeLayout(state, { hasSide: true, panes, pane: 'main' }).kind === 'single'
        ? 'pane'
        : undefined;
    },
    available: hasOtherPane,
    perform: (state) => step({ ...state, pane: state.pane === 'main' ? 'side' : 'main' }),
  },
  {
    ...zoom('zoom-in', 'Next layout: list, both panes, detail', '+', 1),
    footer: 'layout',
    footerLast: true,
    synonyms: ['zoom', 'maximize', 'fullscreen', 'split'],
  },
  zoom('zoom-out', 'Previous layout: list, both panes, detail', '_', -1),
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
    synonyms: ['keyboard', 'shortcuts', 'bindings', 'manual'],
    group: 'Find',
    scope: 'everywhere',
    keys: ['?', 'ctrl+g'],
    footer: 'help',
    perform: (state) => openDialog(state, { kind: 'help', query: EMPTY_LINE, index: 0 }),
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
    synonyms: ['terminal'],
    group: 'Program',
    scope: 'everywhere',
    keys: ['ctrl+z'],
    perform: (state) => step(state, { kind: 'suspend' }),
  },
  {
    id: 'program.quit',
    title: 'Quit',
    synonyms: ['exit', 'close', 'leave', 'bye'],
    group: 'Program',
    scope: 'everywhere',
    keys: ['q'],
    footer: 'quit',
    urgent: ({ isReplaced }) => (isReplaced ? 'upgraded: quit, start again' : undefined),
    perform: quit,
  },
];

function goBack(state: State): Step {
  if (state.pane === 'side') return step({ ...state, pane: 'main' });
  return viewOf(state).onLeave?.(state) ?? closeView(state);
}

/** In the list of jobs, Esc first leaves the column, then clears the range, the marks and the filter. */
function whatEscClears(state: State): string | undefined {
  const { table, filterPrompt, column } = state.jobs;
  if (currentView(state).name !== 'jobs' || state.pane === 'side') return undefined;
  if (column !== undefined) return 'no column';
  if (table.rangeFrom !== undefined) return 'no range';
  if (table.marks.size > 0) return 'no marks';
  return filterPrompt.line.text === '' ? undefined : 'show all';
}

function canGoBack(state: State): boolean {
  return state.views.length > 1 || state.pane === 'side';
}

const QUIT: Effect = { kind: 'quit', exitCode: 0 };

/** Leaves the dashboard. Asks first if unsaved texts would be lost or a batch would be interrupted. */
function quit(state: State): Step {
  const texts = [...Object.keys(state.configs.drafts), ...unsavedJobs(state.form)];
  const batches = unfinishedBatches(state.batches);
  if (texts.length + batches.length === 0) return step(state, QUIT);
  const lines = [
    ...(texts.length === 0 ? [] : [[...texts, '', 'These texts were edited and are not saved.']]),
    ...(batches.length === 0
      ? []
      : [
          [
            ...batches.map(({ title, steps }) => `${title}: not all of ${steps.length} have been done.`),
            'Changes that have begun are finished, the others are not made.',
          ],
        ]),
  ];
  return openDialog(state, {
    kind: 'confirm',
    title: texts.length > 0 ? 'Quit without saving?' : 'Quit before all is done?',
    lines: lines.flatMap((part, index) => (index === 0 ? part : ['', ...part])),
    effects: [QUIT],
    typed: '',
  });
}

/** Actions for the appearance. The settings are saved. These actions are in the palette and have no keys. */
const appearanceActions: readonly Action[] = [
  appearanceSwitch({
    name: 'contrast',
    title: 'Switch high contrast on or off',
    synonyms: ['theme', 'colors', 'colours', 'dark', 'light', 'accessibility'],
    on: { theme: 'high_contrast' },
    off: { theme: 'automatic' },
    said: ['High contrast is on.', 'High contrast is off.'],
  }),
  appearanceSwitch({
    name: 'terminal',
    title: 'Use the terminal’s own sixteen colours, or no longer',
    synonyms: ['theme', 'colors', 'palette', 'dark', 'light', 'solarized'],
    on: { theme: 'terminal' },
    off: { theme: 'automatic' },
    said: ['Colours are the terminal’s own.', 'Colours suit the background.'],
  }),
  appearanceSwitch({
    name: 'signs',
    title: 'Draw lines and signs with ASCII, or no longer',
    synonyms: ['theme', 'unicode', 'accessibility'],
    on: { signs: 'ascii' },
    off: { signs: 'terminal' },
    said: ['Lines and signs are drawn with ASCII.', 'Drawn with all signs.'],
  }),
];

/** @param said the notices when it is switched on, and off */
function appearanceSwitch({
  name,
  title,
  synonyms,
  on,
  off,
  said: [saidOn, saidOff],
}: Pick<Action, 'title'> & {
  name: string;
  synonyms: readonly string[];
  on: Partial<Appearance>;
  off: Partial<Appearance>;
  said: readonly [string, string];
}): Action {
  return {
    id: `looks.${name}`,
    title,
    synonyms: [...synonyms, 'appearance'],
    group: 'Program',
    scope: 'everywhere',
    keys: [],
    perform: (state) => {
      const isOn = Object.entries(on).every(
        ([part, value]) => state.appearance[part as keyof Appearance] === value,
      );
      const next: State = { ...state, appearance: { ...state.appearance, ...(isOn ? off : on) } };
      return step(withNotice(next, 'info', isOn ? saidOff : saidOn));
    },
  };
}

/** Actions that open files of the home in the user's own programs. They are in the palette and have no keys. */
const fileActions: readonly Action[] = [
  {
    id: 'scheduler.log',
    title: 'Read the scheduler’s log in $PAGER',
    group: 'Scheduler',
    scope: 'everywhere',
    keys: [],
    perform: (state) =>
      step(state, { kind: 'page_file', path: state.paths.schedulerLog, tag: 'scheduler.log' }),
    command: () => 'quickscrape scheduler logs',
  },
  {
    id: 'settings.edit',
    title: 'Edit the settings in $EDITOR',
    synonyms: ['preferences', 'options', 'configure', 'limits'],
    group: 'Program',
    scope: 'everywhere',
    keys: [],
    changes: true,
    perform: (state) => step(state, { kind: 'edit_file', path: state.paths.settings, tag: 'settings.edit' }),
    command: () => 'quickscrape config set <setting> <value>',
  },
];

/** All actions, in the order of the footer and of the help. */
export const ACTIONS: readonly Action[] = [
  ...FEATURE_ACTIONS,
  ...programActions,
  ...appearanceActions,
  ...fileActions,
];

/** The scopes whose keys are active now. */
function openScopes(state: State): readonly Scope[] {
  const { name } = currentView(state);
  return [`${name}/${state.pane}`, name, 'everywhere'];
}

/** The actions of the dashboard, after those that run the user's own commands. */
export function allActions({ commandFile: { commands } }: State): readonly Action[] {
  return commands.length === 0 ? ACTIONS : [...ownActions(commands), ...ACTIONS];
}

/** The actions of the active scopes, whether they are available or not. */
export function reachableActions(state: State): readonly Action[] {
  const open = openScopes(state);
  const { ownsTab } = viewOf(state);
  return allActions(state).filter(
    (action) =>
      scopesOf(action).some((scope) => open.includes(scope)) && !(ownsTab && action.id === 'view.pane'),
  );
}

/** The keys of an action that work now: while the user types, a character is text. */
export function workingKeys(state: State, action: Pick<Action, 'id' | 'keys'>): readonly string[] {
  const keys = keysLeft(state, action);
  if (!viewOf(state).isTyping?.(state)) return keys;
  return keys.filter((key) => [...key].length > 1 && !key.includes(' ') && key !== 'space');
}

/** The keys of an action without those that the user has given to another action of the active scopes. */
function keysLeft(state: State, action: Pick<Action, 'id' | 'keys'>): readonly string[] {
  const keys = boundKeys(action, state.keys);
  if (state.keys.size === 0 || state.keys.has(action.id)) return keys;
  const reachable = reachableActions(state);
  if (!reachable.some(({ id }) => id === action.id)) return keys;
  return keys.filter((key) => !reachable.some(({ id }) => state.keys.get(id)?.includes(key)));
}
