import { bindKeys } from '../kernel/key-bindings.ts';
import type { State } from '../kernel/model.ts';
import { ACTIONS } from './actions.ts';
import { ownActions } from './own-actions.ts';

/**
 * Applies the keys that the user has chosen in `keys.yaml`, then those of the user's commands.
 * @returns also a description of each key of a command that another action has
 */
export function withUserKeys(state: State): {
  state: State;
  taken: readonly { id: string; description: string }[];
} {
  const own = ownActions(state.commandFile.commands);
  const ownKeys = own.flatMap(({ id, keys }) => (keys.length === 0 ? [] : [[id, keys] as const]));
  const { bindings, problems } = bindKeys([...ACTIONS, ...own], new Map([...state.chosenKeys, ...ownKeys]));
  const ids = new Set(own.map(({ id }) => id));
  return { state: { ...state, keys: bindings }, taken: problems.filter(({ id }) => ids.has(id)) };
}
