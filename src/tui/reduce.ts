import { inputToDialog } from './actions/dialog-rules.ts';
import { pressKey } from './actions/press-key.ts';
import { type Input, keyOf } from './input/input.ts';
import { changedPreferences } from './preferences/preferences.ts';
import type { Event } from './state/event.ts';
import { REDUCERS } from './state/reducers.ts';
import type { State } from './state/state.ts';
import { andThen, type Step, step } from './state/step.ts';
import { currentRules } from './state/view-rules.ts';

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
  const taken = state.chord.length === 0 ? currentRules(state).onInput?.(state, input) : undefined;
  return taken ?? pressKey(state, input);
}
