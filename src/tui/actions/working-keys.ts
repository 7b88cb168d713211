import { boundKeys } from '../keys/key-bindings.ts';
import type { State } from '../state/state.ts';
import { currentRules } from '../state/view-rules.ts';
import type { Action } from './action.ts';

/** Those of an action's keys that reach it now: while somebody types, a character is text. */
export function workingKeys(state: State, action: Pick<Action, 'id' | 'keys'>): readonly string[] {
  const keys = boundKeys(action, state.keys);
  if (!currentRules(state).isTyping?.(state)) return keys;
  return keys.filter((key) => [...key].length > 1 && !key.includes(' ') && key !== 'space');
}
