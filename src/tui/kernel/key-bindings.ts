import type { Action, Scope } from './action.ts';
import { scopesOf } from './action.ts';
import type { KeyBindings } from './model.ts';

/** The keys of an action, as somebody wants them. */
export function boundKeys(
  { id, keys }: Pick<Action, 'id' | 'keys'>,
  bindings: KeyBindings,
): readonly string[] {
  return bindings.get(id) ?? keys;
}

/**
 * Gives actions the keys that somebody wants for them. An action that had one of these keys in the same places loses it; one
 * that counts in more places keeps it there (see {@link customizedFirst}). Where somebody wants a key for two, the first has it.
 *
 * @param wanted names of keys by the id of an action of `actions`
 * @returns what differs from the table, and what could not be done: of which action, and in words
 */
export function bindKeys(
  actions: readonly Action[],
  wanted: KeyBindings,
): { bindings: KeyBindings; problems: readonly { id: string; description: string }[] } {
  const bindings = new Map<string, readonly string[]>();
  const problems: { id: string; description: string }[] = [];
  const chosen = actions.filter(({ id }) => wanted.has(id));
  for (const [index, action] of chosen.entries()) {
    const earlier = chosen.slice(0, index).filter((other) => meet(action, other));
    const keys = (wanted.get(action.id) ?? []).filter((key) => {
      for (const { id } of earlier) {
        const taken = bindings.get(id)?.find((each) => shadows(each, key));
        if (taken === undefined) continue;
        problems.push({
          id: action.id,
          description: `${action.id} cannot have the key ${key}: ${id} has ${taken}`,
        });
        return false;
      }
      return true;
    });
    bindings.set(action.id, keys);
  }
  for (const action of actions) {
    if (wanted.has(action.id)) continue;
    const rivals = chosen.filter((other) => covers(other, action));
    const isFree = (key: string) =>
      !rivals.some(({ id }) => bindings.get(id)?.some((taken) => shadows(taken, key)));
    const keys = action.keys.filter(isFree);
    if (keys.length < action.keys.length) bindings.set(action.id, keys);
  }
  return { bindings, problems };
}

/** Whether keys of both can count at the same time. */
function meet(one: Action, other: Action): boolean {
  return scopesOf(one).some((scope) =>
    scopesOf(other).some((overlapsScope) => isSamePlace(scope, overlapsScope)),
  );
}

/** Whether the keys of one count wherever those of the other do. */
function covers(one: Action, other: Action): boolean {
  return scopesOf(other).every((scope) =>
    scopesOf(one).some((wider) => wider === 'everywhere' || wider === scope || scope.startsWith(`${wider}/`)),
  );
}

/** Actions in the order in which a key is looked for: those with keys that somebody wants go before the others. */
export function customizedFirst(actions: readonly Action[], bindings: KeyBindings): readonly Action[] {
  if (bindings.size === 0) return actions;
  const isWanted = ({ id }: Action) => bindings.has(id);
  return [...actions.filter(isWanted), ...actions.filter((action) => !isWanted(action))];
}

function isSamePlace(one: Scope, other: Scope): boolean {
  if (one === 'everywhere' || other === 'everywhere' || one === other) return true;
  return one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** Whether two keys cannot both be had: they are the same, or one is the beginning of the other's chord. */
function shadows(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}
