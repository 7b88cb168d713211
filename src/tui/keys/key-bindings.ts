import { type Action, type Scope, scopesOf } from '../actions/action.ts';

/** The keys of those actions that have others than the table gives them, by the action's id; none: an empty list. */
export type KeyBindings = ReadonlyMap<string, readonly string[]>;

export const NO_BINDINGS: KeyBindings = new Map();

/** The keys of an action, as somebody wants them. */
export function keysOf({ id, keys }: Pick<Action, 'id' | 'keys'>, bindings: KeyBindings): readonly string[] {
  return bindings.get(id) ?? keys;
}

/**
 * Gives actions the keys that somebody wants for them. An action that had one of these keys in the same place loses it,
 * unless somebody wants it for that one, too: then the first has it.
 *
 * @param wanted names of keys by the id of an action of `actions`
 * @returns what differs from the table, and in words what could not be done
 */
export function bindKeys(
  actions: readonly Action[],
  wanted: KeyBindings,
): { bindings: KeyBindings; problems: readonly string[] } {
  const bindings = new Map<string, readonly string[]>();
  const problems: string[] = [];
  const chosen = actions.filter(({ id }) => wanted.has(id));
  for (const [index, action] of chosen.entries()) {
    const earlier = chosen.slice(0, index).filter((other) => meet(action, other));
    const keys = (wanted.get(action.id) ?? []).filter((key) => {
      const rival = earlier.find((other) => bindings.get(other.id)?.some((taken) => shadows(taken, key)));
      if (rival !== undefined) problems.push(`${action.id}: ${rival.id} has the key ${key} already`);
      return rival === undefined;
    });
    bindings.set(action.id, keys);
  }
  for (const action of actions) {
    if (wanted.has(action.id)) continue;
    const rivals = chosen.filter((other) => meet(action, other));
    const isFree = (key: string) =>
      !rivals.some(({ id }) => bindings.get(id)?.some((taken) => shadows(taken, key)));
    const keys = action.keys.filter(isFree);
    if (keys.length < action.keys.length) bindings.set(action.id, keys);
  }
  return { bindings, problems };
}

/** Whether keys of both can count at the same time. */
function meet(one: Action, other: Action): boolean {
  return scopesOf(one).some((scope) => scopesOf(other).some((beside) => isSamePlace(scope, beside)));
}

function isSamePlace(one: Scope, other: Scope): boolean {
  if (one === 'everywhere' || other === 'everywhere' || one === other) return true;
  return one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** Whether two keys cannot both be had: they are the same, or one is the beginning of the other's chord. */
function shadows(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}
