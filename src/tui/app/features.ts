import { activity } from '../features/activity/index.ts';
import { batch } from '../features/batch/index.ts';
import { charts } from '../features/charts/index.ts';
import { configEditor } from '../features/config-editor/index.ts';
import { type DialogDefinition, mergeParts, type ViewDefinition } from '../features/define-feature.ts';
import { homes } from '../features/homes/index.ts';
import { items } from '../features/items/index.ts';
import { jobDetail } from '../features/job-detail/index.ts';
import { jobForm } from '../features/job-form/index.ts';
import { jobs } from '../features/jobs/index.ts';
import { log } from '../features/log/index.ts';
import { messages } from '../features/messages/index.ts';
import { runs } from '../features/runs/index.ts';
import { scheduler } from '../features/scheduler/index.ts';
import { timeline } from '../features/timeline/index.ts';
import { transfer } from '../features/transfer/index.ts';
import { trash } from '../features/trash/index.ts';
import { undo } from '../features/undo/index.ts';
import { workers } from '../features/workers/index.ts';
import type { Action } from '../kernel/action.ts';
import {
  type DialogKind,
  NO_BINDINGS,
  type Reducer,
  type State,
  type StateOptions,
  type ViewName,
} from '../kernel/model.ts';
import { noticesReducer, withNotice } from '../kernel/notices.ts';
import { currentView, step } from '../kernel/step.ts';
import type { EffectHandlers, Subscribers } from '../runtime/effect-context.ts';
import { RUNTIME_EFFECTS } from '../runtime/effects.ts';
import { watchClock, watchHome, watchProgram } from '../runtime/subscriptions.ts';
import { watchUserFile } from '../runtime/watch-user-file.ts';

/** All features, in the order of their actions in the footer and in help, and of their reducers. */
const FEATURES = [
  jobs,
  jobDetail,
  jobForm,
  runs,
  log,
  items,
  timeline,
  charts,
  batch,
  undo,
  activity,
  messages,
  scheduler,
  workers,
  configEditor,
  trash,
  transfer,
  homes,
] as const;

export const FEATURE_ACTIONS: readonly Action[] = FEATURES.flatMap(({ actions = [] }) => actions);

/** The dialogs of the features; `dialogs.tsx` adds those of the dashboard itself. */
export const FEATURE_DIALOGS: {
  readonly [K in Exclude<DialogKind, 'confirm' | 'help' | 'palette'>]: DialogDefinition<K>;
} = mergeParts(FEATURES.map(({ dialogs }) => dialogs));

export const VIEWS: { readonly [N in ViewName]: ViewDefinition } = mergeParts(
  FEATURES.map(({ views }) => views),
);

export function viewOf(state: State): ViewDefinition {
  return VIEWS[currentView(state).name];
}

const featureEffects = mergeParts(FEATURES.map(({ effects }) => effects));

export const EFFECT_HANDLERS: EffectHandlers = mergeParts<typeof RUNTIME_EFFECTS | typeof featureEffects>([
  RUNTIME_EFFECTS,
  featureEffects,
]);

const RUNTIME_SUBSCRIBERS = {
  clock: (_, context) => watchClock(context),
  home: (_, context) => watchHome(context),
  key_file: (_, context) => watchUserFile('key_file', context),
  command_file: (_, context) => watchUserFile('command_file', context),
  program: (_, context) => watchProgram(context),
} satisfies Partial<Subscribers>;

const featureSubscribers = mergeParts(FEATURES.map(({ subscribers }) => subscribers));

export const SUBSCRIBERS: Subscribers = mergeParts<typeof RUNTIME_SUBSCRIBERS | typeof featureSubscribers>([
  RUNTIME_SUBSCRIBERS,
  featureSubscribers,
]);

/** Updates the time, and what is known of the terminal. */
const clockReducer: Reducer = (state, event) => {
  if (event.kind === 'tick') return step({ ...state, now: event.now });
  if (event.kind === 'resize') return step({ ...state, columns: event.columns, rows: event.rows });
  if (event.kind === 'background') return step({ ...state, background: event.background });
  return step(state);
};

/** Says once that the program was upgraded; the footer shows it until the user leaves. */
const programReducer: Reducer = (state, event) => {
  const isReplaced =
    event.kind === 'program'
      ? event.isReplaced
      : state.isReplaced ||
        (event.kind === 'answer' && !event.ok && event.failure.code === 'program_replaced');
  if (isReplaced === state.isReplaced) return step(state);
  const next = { ...state, isReplaced };
  const text = 'QuickScrape was upgraded while this ran: leave with q and start it again.';
  return step(isReplaced && event.kind === 'program' ? withNotice(next, 'warning', text) : next);
};

/** Stores the home's data from `src/tui/runtime/home`. */
const homeReducer: Reducer = (state, event) =>
  event.kind === 'home' ? step({ ...state, home: event.data }) : step(state);

/** The reducers of all events except input, in the order in which they run. */
export const REDUCERS: readonly Reducer[] = [
  clockReducer,
  ...FEATURES.flatMap(({ earlyReducers = [] }) => earlyReducers),
  programReducer,
  homeReducer,
  ...FEATURES.flatMap(({ reducers = [] }) => reducers),
  noticesReducer,
  ...FEATURES.flatMap(({ lateReducers = [] }) => lateReducers),
];

export function initialState(options: StateOptions): State {
  return {
    ...options,
    appearance: { theme: 'automatic', signs: 'terminal' },
    keys: NO_BINDINGS,
    chosenKeys: NO_BINDINGS,
    keyFile: { text: undefined, problems: [] },
    commandFile: { text: undefined, problems: [], commands: [] },
    home: undefined,
    isReplaced: false,
    views: [{ name: 'jobs' }],
    pane: 'main',
    zoomed: false,
    dialog: undefined,
    chord: [],
    notices: [],
    ...mergeParts(FEATURES.map(({ initial }) => initial)),
  };
}
