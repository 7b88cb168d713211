import type { Action } from '../kernel/action.ts';
import { performAction } from '../kernel/action.ts';
import { formatKey } from '../kernel/format-key.ts';
import { boundKeys, customizedFirst } from '../kernel/key-bindings.ts';
import type { Event, State, Step, Subscription } from '../kernel/model.ts';
import { withNotice } from '../kernel/notices.ts';
import { andThen, step } from '../kernel/step.ts';
import type { Input } from '../ui/input.ts';
import { keyInput, keyOf } from '../ui/input.ts';
import { ACTIONS, reachableActions } from './actions.ts';
import { inputToDialog } from './dialogs.ts';
import { REDUCERS, viewOf } from './features.ts';
import { changedPreferences } from './preferences/preferences.ts';

/** Does what the table says of a key, or remembers it as the beginning of a chord. */
function pressKey(state: State, input: Input): Step {
  if (input.kind !== 'key') return step(state);
  const pressed = [...state.chord, input.key];
  const actions = customizedFirst(reachableActions(state), state.keys);
  const has = (action: Action, isWanted: (key: string) => boolean) =>
    boundKeys(action, state.keys).some(isWanted);
  const action = actions.find((each) => has(each, (key) => key === pressed.join(' ')));
  const withoutChord = state.chord.length === 0 ? state : { ...state, chord: [] };
  if (action !== undefined) return performAction(withoutChord, action);
  const prefix = `${pressed.join(' ')} `;
  if (actions.some((each) => has(each, (key) => key.startsWith(prefix))))
    return step({ ...state, chord: pressed });
  // What does not go on with the chord counts for itself, except Esc, which only ends it.
  if (state.chord.length > 0 && input.key !== 'escape')
    return pressKey(withoutChord, keyInput(input.key, input.text));
  // Esc ends a chord, and where there is nothing to go back to it is what everybody presses to be sure.
  return step(input.key === 'escape' ? withoutChord : unknownKey(withoutChord, input.key));
}

/** Says that a key does nothing here; while somebody types, that is no news. */
function unknownKey(state: State, key: string): State {
  if (viewOf(state).isTyping?.(state)) return state;
  const help = ACTIONS.find(({ id }) => id === 'help.open');
  const [helpKey] = help === undefined ? [] : boundKeys(help, state.keys);
  const more = helpKey === undefined ? '' : ` ${formatKey(helpKey)} lists the keys.`;
  return withNotice(state, 'info', `No key ${formatKey(key)} here.${more}`);
}

/** What an event makes of the state, and what it wants done. Pure: the same state and event give the same step. */
export function reduce(state: State, event: Event): Step {
  const after = reduceEvent(state, event);
  const changed = changedPreferences(state, after.state);
  return changed === undefined
    ? after
    : andThen(after, (next) => step(next, { kind: 'save_preferences', changed }));
}

function reduceEvent(state: State, event: Event): Step {
  if (event.kind === 'key' || event.kind === 'paste' || event.kind === 'mouse')
    return reduceInput(state, event);
  return REDUCERS.reduce((before, reducer) => andThen(before, (next) => reducer(next, event)), step(state));
}

/** An input belongs to the dialog, else to what the view is being typed into, else to the table of actions. */
function reduceInput(state: State, input: Input): Step {
  // The ways out are always the same, whatever is open.
  if (keyOf(input) === 'ctrl+c') return step(state, { kind: 'quit', exitCode: 130 });
  if (keyOf(input) === 'ctrl+z') return step(state, { kind: 'suspend' });
  if (state.dialog !== undefined) return inputToDialog(state, state.dialog, input);
  const taken = state.chord.length === 0 ? viewOf(state).onInput?.(state, input) : undefined;
  return taken ?? pressKey(state, input);
}

const BASE_SUBSCRIPTIONS: readonly Subscription[] = [{ kind: 'clock' }, { kind: 'home' }];

/** What is to be looked after in this state. */
export function subscriptionsOf(state: State): readonly Subscription[] {
  const viewSubscriptions = viewOf(state).subscriptions?.(state) ?? [];
  return viewSubscriptions.length === 0 ? BASE_SUBSCRIPTIONS : [...BASE_SUBSCRIPTIONS, ...viewSubscriptions];
}
