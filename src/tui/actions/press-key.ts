import { type Input, keyInput } from '../input/input.ts';
import { boundKeys, customizedFirst } from '../keys/key-bindings.ts';
import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { currentRules } from '../state/view-rules.ts';
import { textWidth } from '../text/fit.ts';
import { type Action, availability } from './action.ts';
import { ACTIONS, reachableActions } from './action-table.ts';
import { formatKey } from './format-key.ts';

/** Does what the table says of a key, or remembers it as the beginning of a chord. */
export function pressKey(state: State, input: Input): Step {
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
  if (currentRules(state).isTyping?.(state)) return state;
  const help = ACTIONS.find(({ id }) => id === 'help.open');
  const [helpKey] = help === undefined ? [] : boundKeys(help, state.keys);
  const more = helpKey === undefined ? '' : ` ${formatKey(helpKey)} lists the keys.`;
  return withNotice(state, 'info', `No key ${formatKey(key)} here.${more}`);
}

/** Does an action, or says why it cannot be done. */
export function performAction(state: State, action: Action): Step {
  const available = availability(action, state);
  if (available === true) return action.perform(state);
  return step(withNotice(state, 'warning', unavailableMessage(action.title, available, state.columns)));
}

/** The reason, and what it is the reason for where there is room for both. */
function unavailableMessage(title: string, reason: string, columns: number): string {
  const whole = `${title.split(/[:;(]/)[0]?.trim()}: ${reason}`;
  return textWidth(whole) <= columns ? whole : reason;
}
