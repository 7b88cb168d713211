import { type Action, type Scope, scopesOf } from '../kernel/action.ts';
import { boundKeys } from '../kernel/key-bindings.ts';
import type { State } from '../kernel/model.ts';
import { currentView } from '../kernel/navigation.ts';
import { FEATURE_ACTIONS, viewOf } from './features.ts';
import { appearanceActions, fileActions, programActions } from './program-actions.ts';

/** All actions, in the order of the footer and of the help. */
export const ACTIONS: readonly Action[] = [
  ...FEATURE_ACTIONS,
  ...programActions,
  ...appearanceActions,
  ...fileActions,
];

/** The scopes whose keys are active now. */
export function openScopes(state: State): readonly Scope[] {
  const { name } = currentView(state);
  return [`${name}/${state.pane}`, name, 'everywhere'];
}

/** The actions of the active scopes, whether they are available or not. */
export function reachableActions(state: State): readonly Action[] {
  const open = openScopes(state);
  return ACTIONS.filter((action) => scopesOf(action).some((scope) => open.includes(scope)));
}

/** The keys of an action that work now: while the user types, a character is text. */
export function workingKeys(state: State, action: Pick<Action, 'id' | 'keys'>): readonly string[] {
  const keys = boundKeys(action, state.keys);
  if (!viewOf(state).isTyping?.(state)) return keys;
  return keys.filter((key) => [...key].length > 1 && !key.includes(' ') && key !== 'space');
}
