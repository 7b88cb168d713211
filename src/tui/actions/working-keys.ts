import type { State } from '../state/state.ts';
import { currentRules } from '../state/view-rules.ts';

/** Those of an action's keys that reach it now: while somebody types, a character is text. */
export function workingKeys(state: State, keys: readonly string[]): readonly string[] {
  if (!currentRules(state).isTyping?.(state)) return keys;
  return keys.filter((key) => [...key].length > 1 && !key.includes(' ') && key !== 'space');
}
