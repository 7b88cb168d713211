import { type Action, performAction } from '../kernel/action.ts';
import { boundKeys, formatKey, keyOfLabel, userBindingsFirst } from '../kernel/key-bindings.ts';
import type { Event, Reducer, State, Step, Subscription } from '../kernel/model.ts';
import { withNotice, withoutReasons } from '../kernel/notices.ts';
import { andThen, step } from '../kernel/step.ts';
import { type Input, isClick, keyInput, keyOf, type MouseInput, namedKeyInput } from '../ui/input.ts';
import { MIN_COLUMNS, MIN_ROWS } from '../ui/layout.ts';
import { ACTIONS, reachableActions } from './actions.ts';
import { commandFileReducer } from './command-file.ts';
import { inputToDialog } from './dialogs.tsx';
import { REDUCERS, viewOf } from './features.ts';
import { footerPartAt } from './footer.ts';
import { keyFileReducer } from './key-file.ts';
import { changedPreferences } from './preferences.ts';

/** Runs the action of a key, or stores the key as the beginning of a chord. */
function pressKey(state: State, input: Input): Step {
  if (input.kind !== 'key') return step(state);
  const pressed = [...state.chord, input.key];
  const actions = userBindingsFirst(reachableActions(state), state.keys);
  const has = (action: Action, isWanted: (key: string) => boolean) =>
    boundKeys(action, state.keys).some(isWanted);
  const action = actions.find((each) => has(each, (key) => key === pressed.join(' ')));
  const withoutChord = state.chord.length === 0 ? state : { ...state, chord: [] };
  if (action !== undefined) return performAction(withoutChord, action);
  const prefix = `${pressed.join(' ')} `;
  if (actions.some((each) => has(each, (key) => key.startsWith(prefix))))
    return step({ ...state, chord: pressed });
  // A key that does not continue the chord is handled on its own, except Esc, which only ends the chord.
  if (state.chord.length > 0 && input.key !== 'escape')
    return pressKey(withoutChord, keyInput(input.key, input.text));
  // Esc ends a chord. It never gives the notice for unknown keys, because users press it just to be safe.
  return step(input.key === 'escape' ? withoutChord : unknownKey(withoutChord, input.key));
}

/** Adds a notice that the key has no function here; not while the user types. */
function unknownKey(state: State, key: string): State {
  if (viewOf(state).isTyping?.(state)) return state;
  const help = ACTIONS.find(({ id }) => id === 'help.open');
  const [helpKey] = help === undefined ? [] : boundKeys(help, state.keys);
  const more = helpKey === undefined ? '' : ` ${formatKey(helpKey)} lists the keys.`;
  return withNotice(state, 'info', `No key ${formatKey(key)} here.${more}`);
}

/** The next state and the effects of an event. Pure: the same state and event give the same step. */
export function reduce(state: State, event: Event): Step {
  const after = afterViewChange(state, reduceEvent(state, event));
  const changed = changedPreferences(state, after.state);
  return changed === undefined
    ? after
    : andThen(after, (next) => step(next, { kind: 'save_preferences', changed }));
}

/** A view that is left takes along why its actions are not available. */
function afterViewChange(before: State, { state, effects }: Step): Step {
  return before.views === state.views ? { state, effects } : { state: withoutReasons(state), effects };
}

/** All reducers. Those of the user's files know all actions, so they are not among those of the features. */
const ALL_REDUCERS: readonly Reducer[] = [...REDUCERS, keyFileReducer, commandFileReducer];

function reduceEvent(state: State, event: Event): Step {
  if (event.kind === 'key' || event.kind === 'paste' || event.kind === 'mouse')
    return reduceInput(state, event);
  return ALL_REDUCERS.reduce(
    (before, reducer) => andThen(before, (next) => reducer(next, event)),
    step(state),
  );
}

/** An input goes to the open dialog, else to the view if the user is typing in it, else to the table of actions. */
function reduceInput(state: State, input: Input): Step {
  // Ctrl-C always quits, whatever is open.
  if (keyOf(input) === 'ctrl+c') return step(state, { kind: 'quit', exitCode: 130 });
  if (keyOf(input) === 'ctrl+z') return step(state, { kind: 'suspend' });
  if (isClick(input) && isOnFooter(state, input)) return clickFooter(state, input);
  if (state.dialog !== undefined) return inputToDialog(state, state.dialog, input);
  const taken = state.chord.length === 0 ? viewOf(state).onInput?.(state, input) : undefined;
  const after = taken ?? pressKey(state, input);
  return isDoubleClickOnRow(state, input) ? andThen(after, pressEnter) : after;
}

function isOnFooter({ columns, rows }: State, { row }: MouseInput): boolean {
  return row === rows - 1 && columns >= MIN_COLUMNS && rows >= MIN_ROWS;
}

/** A click on a part of the footer does what its key does. */
function clickFooter(state: State, { column, double }: MouseInput): Step {
  // After the first press, something else may be in this place, such as the yes of a question.
  const part = double ? undefined : footerPartAt(state, column);
  if (part === undefined) return step(state);
  const action = reachableActions(state).find(({ id }) => id === part.id);
  if (action !== undefined) return performAction({ ...state, chord: [] }, action);
  const key = state.chord.length === 0 ? keyOfLabel(part.key) : undefined;
  return key === undefined ? step(state) : reduceInput(state, namedKeyInput(key));
}

function isDoubleClickOnRow(state: State, input: Input): boolean {
  return isClick(input) && input.double === true && viewOf(state).rowAt?.(state, input) !== undefined;
}

function pressEnter(state: State): Step {
  return reduceInput(state, namedKeyInput('enter'));
}

const BASE_SUBSCRIPTIONS: readonly Subscription[] = [
  { kind: 'clock' },
  { kind: 'home' },
  { kind: 'key_file' },
  { kind: 'command_file' },
  { kind: 'program' },
];

/** The subscriptions that a state needs. */
export function subscriptionsOf(state: State): readonly Subscription[] {
  const viewSubscriptions = viewOf(state).subscriptions?.(state) ?? [];
  return viewSubscriptions.length === 0 ? BASE_SUBSCRIPTIONS : [...BASE_SUBSCRIPTIONS, ...viewSubscriptions];
}
