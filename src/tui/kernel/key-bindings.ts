import { type Action, type Scope, scopesOf } from './action.ts';
import type { KeyBindings } from './model.ts';

/** The keys of an action: the user's, else the default ones. */
export function boundKeys(
  { id, keys }: Pick<Action, 'id' | 'keys'>,
  bindings: KeyBindings,
): readonly string[] {
  return bindings.get(id) ?? keys;
}

/**
 * Applies the user's keys to the actions. An action loses a default key that the user gives to another action in all
 * its scopes. An action with more scopes keeps the key for the other scopes (see {@link userBindingsFirst}). If the user
 * gives a key to two actions, the first one gets it.
 *
 * @param wanted names of keys by the id of an action of `actions`
 * @returns the bindings that differ from the table, and a description of each key that could not be applied
 */
export function bindKeys(
  actions: readonly Action[],
  wanted: KeyBindings,
): { bindings: KeyBindings; problems: readonly { id: string; description: string }[] } {
  const bindings = new Map<string, readonly string[]>();
  const problems: { id: string; description: string }[] = [];
  const chosen = actions.filter(({ id }) => wanted.has(id));
  for (const [index, action] of chosen.entries()) {
    const earlier = chosen.slice(0, index).filter((other) => scopesOverlap(action, other));
    const keys = (wanted.get(action.id) ?? []).filter((key) => {
      for (const { id } of earlier) {
        const taken = bindings.get(id)?.find((each) => keysConflict(each, key));
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
    const rivals = chosen.filter((other) => scopesContain(other, action));
    const isFree = (key: string) =>
      !rivals.some(({ id }) => bindings.get(id)?.some((taken) => keysConflict(taken, key)));
    const keys = action.keys.filter(isFree);
    if (keys.length < action.keys.length) bindings.set(action.id, keys);
  }
  return { bindings, problems };
}

/** Whether the keys of both can be active at the same time. */
function scopesOverlap(one: Action, other: Action): boolean {
  return scopesOf(one).some((scope) =>
    scopesOf(other).some((otherScope) => isSameOrNested(scope, otherScope)),
  );
}

/** Whether the keys of one are active wherever those of the other are. */
function scopesContain(one: Action, other: Action): boolean {
  return scopesOf(other).every((scope) =>
    scopesOf(one).some((wider) => wider === 'everywhere' || wider === scope || scope.startsWith(`${wider}/`)),
  );
}

/** Actions in the order of key lookup: those with the user's keys come first. */
export function userBindingsFirst(actions: readonly Action[], bindings: KeyBindings): readonly Action[] {
  if (bindings.size === 0) return actions;
  const isWanted = ({ id }: Action) => bindings.has(id);
  return [...actions.filter(isWanted), ...actions.filter((action) => !isWanted(action))];
}

function isSameOrNested(one: Scope, other: Scope): boolean {
  if (one === 'everywhere' || other === 'everywhere' || one === other) return true;
  return one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** Whether two keys conflict: they are equal, or one is the beginning of the other's chord. */
function keysConflict(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}

const KEY_LABELS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  space: 'Space',
  backspace: 'Backspace',
  delete: 'Del',
  insert: 'Ins',
  home: 'Home',
  end: 'End',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
};

/** Formats a key or a chord for people: `ctrl+s` as `Ctrl-S`, `shift+tab` as `Shift-Tab`, `g g` unchanged. */
export function formatKey(key: string): string {
  return key.split(' ').map(formatSingleKey).join(' ');
}

function formatSingleKey(key: string): string {
  if (key.length <= 1) return key;
  // A last + is the key itself: `alt++`.
  const parts = key.split(/\+(?=.)/);
  return parts
    .map((part, index) => KEY_LABELS[part] ?? (index > 0 || /^f\d/.test(part) ? part.toUpperCase() : part))
    .join('-');
}

const NAMES_BY_LABEL = new Map(Object.entries(KEY_LABELS).map(([name, label]) => [label, name]));

/** The name of a key that {@link formatKey} has formatted; `undefined` for a text that names no single key: `↑↓`. */
export function keyOfLabel(label: string): string | undefined {
  if (/^[!-~]$/.test(label)) return label;
  const parts = label.split(/-(?=.)/).map((part) => NAMES_BY_LABEL.get(part) ?? part.toLowerCase());
  return parts.every((part) => part in KEY_LABELS || /^(?:[!-~]|f\d+)$/.test(part))
    ? parts.join('+')
    : undefined;
}
