import { isScalar, isSeq, type Pair } from 'yaml';
import { closestNames } from '../../core/lib/closest-names.ts';
import type { Action } from '../kernel/action.ts';
import { bindKeys } from '../kernel/key-bindings.ts';
import type { KeyBindings, Reducer, State } from '../kernel/model.ts';
import { withNotice } from '../kernel/notices.ts';
import { step } from '../kernel/step.ts';
import { BY_LETTER, BY_NUMBER } from '../runtime/input/key-names.ts';
import type { UserFileText } from '../runtime/watch-user-file.ts';
import { ACTIONS } from './actions.ts';
import { ownActions } from './own-actions.ts';
import { atLine, describeProblems, parseUserMap } from './user-yaml.ts';

/** The names of keys that are no character. */
export const KEY_NAMES: ReadonlySet<string> = new Set([
  ...Object.values(BY_LETTER).filter((name) => !name.includes('+')),
  ...Object.values(BY_NUMBER),
  'enter',
  'tab',
  'space',
  'backspace',
  'escape',
]);
/** Other spellings of these names. */
export const KEY_ALIASES: Readonly<Record<string, string>> = {
  esc: 'escape',
  return: 'enter',
  del: 'delete',
  ins: 'insert',
  pgup: 'pageup',
  pgdn: 'pagedown',
  ' ': 'space',
};
export const MODIFIERS = ['ctrl', 'alt', 'shift'];
/** Keys that cannot be chosen: for these a terminal sends the same as for another key, or they end the program. */
export const RESERVED_KEYS: Readonly<Record<string, string>> = {
  'ctrl+c': 'it always quits',
  'ctrl+h': 'in a terminal it is backspace',
  'ctrl+i': 'in a terminal it is tab',
  'ctrl+j': 'in a terminal it is enter',
  'ctrl+m': 'in a terminal it is enter',
  'ctrl+[': 'in a terminal it is escape',
};

/** Describes the valid names of keys. */
export const KEY_FORMAT = `a character, or one of ${[...KEY_NAMES].join(' ')}; with ctrl+, alt+ or shift+ before it if needed; separate the keys of a chord with a space (g g)`;

/**
 * Normalizes the name of a key or a chord: `Ctrl-X` becomes `ctrl+x`, `Esc` becomes `escape`.
 * @returns the name, or in `problem` why there is no such key
 */
export function parseKey(written: string): { key: string } | { problem: string } {
  const keys = written === ' ' ? [' '] : written.split(' ');
  const names: string[] = [];
  for (const each of keys) {
    const found = parseOne(each);
    if ('problem' in found) return found;
    names.push(found.key);
  }
  return { key: names.join(' ') };
}

function parseOne(written: string): { key: string } | { problem: string } {
  if (written !== '' && [...written].length === 1) return { key: KEY_ALIASES[written] ?? written };
  const parts = written.split(/(?<=.)[+-]/);
  const last = parts.pop() ?? '';
  const wanted = parts.map((part) => part.toLowerCase());
  const base = [...last].length === 1 ? last : (KEY_ALIASES[last.toLowerCase()] ?? last.toLowerCase());
  const isKnown = [...base].length === 1 || KEY_NAMES.has(base);
  if (!isKnown || !wanted.every((part) => MODIFIERS.includes(part)))
    return { problem: `"${written}" is not a key: it must be ${KEY_FORMAT}` };
  // A terminal sends a capital letter, not the Shift key.
  if ([...base].length === 1 && wanted.length === 1 && wanted[0] === 'shift') {
    if (base.toUpperCase() === base.toLowerCase())
      return { problem: `"${written}" is not a key: write the character that it types` };
    return { key: base.toUpperCase() };
  }
  if ([...base].length === 1 && wanted.includes('ctrl') && wanted.includes('shift'))
    return {
      problem: `"${written}" is not a key: a terminal sends ctrl+${base.toLowerCase()} for it`,
    };
  const modifiers = MODIFIERS.filter((each) => wanted.includes(each));
  const name = [...modifiers, wanted.includes('ctrl') ? base.toLowerCase() : base].join('+');
  const why = RESERVED_KEYS[name];
  return why === undefined ? { key: name } : { problem: `${name} cannot be chosen: ${why}` };
}

/** In place of a key: the action has no key, and only `:` reaches it. */
export const DISABLED = 'disabled';
const BINDING_FORMAT = `a key, a list of keys, or "${DISABLED}"`;

/** What a key file says: the keys that it gives, those that differ from the table then, and the problems in it. */
export interface KeyFile {
  wanted: KeyBindings;
  bindings: KeyBindings;
  problems: readonly string[];
}

interface KeyFileContents {
  wanted: KeyBindings;
  /** The line of each action. */
  lineOf: ReadonlyMap<string, number>;
  problems: readonly string[];
}

const FILE_FORMAT = `"jobs.run: ctrl+r": an action's id, and ${BINDING_FORMAT}`;

/**
 * Parses the text of a key file: a YAML map from action ids to keys.
 *
 * @param ids the ids of all actions
 * @returns the valid keys, with the line of each action, and the problems of the others, with their lines
 */
function parseContents(text: string, ids: readonly string[]): KeyFileContents {
  const { entries, problems: fileProblems } = parseUserMap(text, FILE_FORMAT);
  const wanted = new Map<string, readonly string[]>();
  const lineOf = new Map<string, number>();
  const problems = [...fileProblems];
  for (const { name: id, pair, line } of entries) {
    const keys: string[] = [];
    const wrong = ids.includes(id) ? collectKeys(pair, id, keys) : [describeUnknownAction(id, ids)];
    if (wanted.has(id)) wrong.push(`${id} is listed twice: this one counts`);
    problems.push(...wrong.map((problem) => atLine(line, problem)));
    if (wrong.length === 0 || keys.length > 0) wanted.set(id, keys);
    if (line !== undefined) lineOf.set(id, line);
  }
  return { wanted, lineOf, problems };
}

/** Adds the valid keys of an action to `keys`. @returns the problems of the others */
function collectKeys({ value }: Pair, id: string, keys: string[]): string[] {
  const written = isSeq(value) ? value.items : [value];
  if (isScalar(value) && value.value === DISABLED) return [];
  return written.flatMap((each) => {
    // YAML parses a digit key as a number.
    const text =
      isScalar(each) && ['string', 'number'].includes(typeof each.value) ? String(each.value) : undefined;
    if (text === undefined) return [`${id}: must be ${BINDING_FORMAT}`];
    const found = parseKey(text);
    if ('problem' in found) return [`${id}: ${found.problem}`];
    keys.push(found.key);
    return [];
  });
}

function describeUnknownAction(id: string, ids: readonly string[]): string {
  const close = closestNames(id, ids);
  const hint =
    close.length > 0 ? `did you mean ${close.join(', ')}?` : 'docs/reference/dashboard.md lists them';
  return `there is no action "${id}"; ${hint}`;
}

/** Parses a user's key file. Problems are reported with their lines; the other keys apply. */
export function parseKeyFile(text: string, actions: readonly Action[]): KeyFile {
  const found = parseContents(
    text,
    actions.map(({ id }) => id),
  );
  const { bindings, problems } = bindKeys(actions, found.wanted);
  const taken = problems.map(({ id, description }) => `line ${found.lineOf.get(id)}: ${description}`);
  return {
    wanted: found.wanted,
    bindings,
    problems: [...found.problems, ...taken].map((problem) => `keys.yaml: ${problem}`),
  };
}

const NO_KEY_FILE: KeyFile = { wanted: new Map(), bindings: new Map(), problems: [] };

/** Applies the key file at the start. Its keys without a problem count. */
export function withKeyFile(state: State, read: UserFileText): State {
  const { wanted, problems } = parsed(read);
  const chosen = { ...state, chosenKeys: wanted, keyFile: { text: read.text, problems } };
  const { state: next } = withUserKeys(chosen);
  return problems.length === 0 ? next : withNotice(next, 'bad', describeProblems(problems), 'keys.yaml');
}

/** Applies a changed key file at once. The keys stay as they were while there is a problem in it. */
export const keyFileReducer: Reducer = (state, event) => {
  if (event.kind !== 'key_file') return step(state);
  const { wanted, problems } = parsed(event);
  if (event.text === state.keyFile.text && String(problems) === String(state.keyFile.problems))
    return step(state);
  const next = { ...state, keyFile: { text: event.text, problems } };
  if (problems.length > 0)
    return step(
      withNotice(next, 'bad', `${describeProblems(problems)}. Your keys stay as they were.`, 'keys.yaml'),
    );
  const news =
    event.text === undefined ? 'keys.yaml is gone: the usual keys work.' : 'The keys of keys.yaml work now.';
  const { state: changed } = withUserKeys({ ...next, chosenKeys: wanted, chord: [] });
  return step(withNotice(changed, 'good', news, 'keys.yaml'));
};

function parsed({ text, problem }: UserFileText): KeyFile {
  if (problem !== undefined) return { ...NO_KEY_FILE, problems: [problem] };
  return text === undefined ? NO_KEY_FILE : parseKeyFile(text, ACTIONS);
}

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
