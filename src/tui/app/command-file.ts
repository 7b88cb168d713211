import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { closestNames } from '../../core/lib/closest-names.ts';
import type { Reducer, State } from '../kernel/model.ts';
import { withNotice } from '../kernel/notices.ts';
import { COMMAND_SCOPES, type CommandScope, type OwnCommand, placeholdersIn } from '../kernel/own-command.ts';
import { step } from '../kernel/step.ts';
import type { UserFileText } from '../runtime/watch-user-file.ts';
import { parseKey, withUserKeys } from './key-file.ts';
import { ownActionId } from './own-actions.ts';
import { atLine, describeProblems, parseUserMap } from './user-yaml.ts';

/** The form of a command's name in the file. */
export const COMMAND_NAME = /^[a-z0-9][a-z0-9_-]*$/;

const SCOPES = Object.keys(COMMAND_SCOPES) as CommandScope[];

/** A problem of a field, or its value. */
type Read<T> = { value: T } | { problem: string };

/** What a command may say, in the order of the documentation. */
const FIELDS = {
  title: (value: unknown) => readText(value, 'a text that says what it does'),
  scope: readScopes,
  argv: readArgv,
  key: readKey,
  footer: (value: unknown) => readText(value, 'a word'),
  background: readFlag,
  reads_only: readFlag,
} as const;

type Field = keyof typeof FIELDS;

const REQUIRED: readonly Field[] = ['title', 'scope', 'argv'];

const FORMAT = `"view-output: {title: View the output, scope: runs, argv: [less, '{output_path}']}"`;

interface CommandFile {
  readonly commands: readonly OwnCommand[];
  readonly problems: readonly string[];
  /** The line of each command. */
  readonly lineOf: ReadonlyMap<string, number | undefined>;
}

/** Parses a user's command file. Problems are reported with their lines; the other commands apply. */
export function parseCommandFile(text: string): CommandFile {
  const { entries, problems: fileProblems, lineOf: lineOfNode } = parseUserMap(text, FORMAT);
  const problems = [...fileProblems];
  const commands = new Map<string, OwnCommand>();
  const lineOf = new Map<string, number | undefined>();
  for (const { name, pair, line } of entries) {
    const say = (problem: string, node?: unknown) => {
      problems.push(atLine(lineOfNode(node) ?? line, `${name}: ${problem}`));
    };
    if (!COMMAND_NAME.test(name)) {
      problems.push(atLine(line, `"${name}" is no name: use small letters, digits, - and _`));
      continue;
    }
    if (commands.has(name)) say('it is listed twice: this one counts');
    if (!isMap(pair.value)) {
      say(`it must be a map with ${REQUIRED.join(', ')}`);
      continue;
    }
    const command = readCommand(name, pair.value, say);
    if (command !== undefined) commands.set(name, command);
    lineOf.set(name, line);
  }
  return { commands: [...commands.values()], problems: problems.map(named), lineOf };
}

function named(problem: string): string {
  return `commands.yaml: ${problem}`;
}

/** Reads one command; `undefined` if it cannot be run. Each problem is said with the part that it is about. */
function readCommand(
  name: string,
  map: YAMLMap,
  say: (problem: string, node?: unknown) => void,
): OwnCommand | undefined {
  const values: Partial<Record<Field, unknown>> = {};
  let isWrong = false;
  const refuse = (problem: string, node?: unknown) => {
    isWrong = true;
    say(problem, node);
  };
  for (const { key, value } of map.items) {
    const field = isScalar(key) ? String(key.value) : '';
    if (!Object.hasOwn(FIELDS, field)) {
      refuse(describeUnknownField(field), key);
      continue;
    }
    const read = FIELDS[field as Field](toJs(value));
    if ('problem' in read) refuse(`${field}: ${read.problem}`, value ?? key);
    else values[field as Field] = read.value;
  }
  const missing = REQUIRED.filter((field) => !map.has(field));
  if (missing.length > 0) refuse(`${missing.join(', ')} must be there`);
  const { title, scope: scopes, argv, key, footer, background, reads_only } = values as FieldValues;
  if (argv !== undefined && scopes !== undefined)
    for (const problem of placeholderProblems(argv, scopes))
      refuse(`argv: ${problem}`, map.get('argv', true));
  if (isWrong) return undefined;
  return {
    name,
    title: title as string,
    scopes: scopes as readonly CommandScope[],
    argv: argv as readonly string[],
    background: background ?? false,
    readsOnly: reads_only ?? false,
    ...(key !== undefined && { key }),
    ...(footer !== undefined && { footer }),
  };
}

interface FieldValues {
  title?: string;
  scope?: readonly CommandScope[];
  argv?: readonly string[];
  key?: string;
  footer?: string;
  background?: boolean;
  reads_only?: boolean;
}

function toJs(node: unknown): unknown {
  if (isSeq(node)) return node.items.map(toJs);
  return isScalar(node) ? node.value : node;
}

function describeUnknownField(field: string): string {
  const [close] = closestNames(field, Object.keys(FIELDS));
  const hint =
    close === undefined ? `allowed are ${Object.keys(FIELDS).join(', ')}` : `did you mean ${close}?`;
  return `there is no key "${field}"; ${hint}`;
}

function readText(value: unknown, what: string): Read<string> {
  const isText = typeof value === 'string' && value.trim() !== '' && !value.includes('\n');
  return isText ? { value: value.trim() } : { problem: `must be ${what}, on one line` };
}

function readFlag(value: unknown): Read<boolean> {
  return typeof value === 'boolean' ? { value } : { problem: 'must be true or false' };
}

function readKey(value: unknown): Read<string> {
  // YAML parses a digit key as a number.
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const found = parseKey(text);
  return 'problem' in found ? found : { value: found.key };
}

function readScopes(value: unknown): Read<readonly CommandScope[]> {
  const scopes = Array.isArray(value) ? value : [value];
  const areKnown = scopes.every((each) => SCOPES.includes(each as CommandScope));
  if (areKnown && scopes.length > 0) return { value: [...new Set(scopes as CommandScope[])] };
  return { problem: `must be one of ${SCOPES.join(', ')}, or a list of them` };
}

function readArgv(value: unknown): Read<readonly string[]> {
  const isList = Array.isArray(value) && value.length > 0 && String(value[0]).trim() !== '';
  const words = isList ? value : [];
  if (isList && words.every((each) => ['string', 'number'].includes(typeof each)))
    return { value: words.map(String) };
  return { problem: `must be a list of texts, the program first, such as [less, "{output_path}"]` };
}

/** The placeholders that have no value in one of the views. */
function placeholderProblems(argv: readonly string[], scopes: readonly CommandScope[]): readonly string[] {
  return [...new Set(placeholdersIn(argv))].flatMap((name) => {
    const scope = scopes.find((each) => !(COMMAND_SCOPES[each] as readonly string[]).includes(name));
    if (scope === undefined) return [];
    const [close] = closestNames(name, COMMAND_SCOPES[scope]);
    if (close !== undefined) return [`there is no {${name}}; did you mean {${close}}?`];
    const allowed = COMMAND_SCOPES[scope].map((each) => `{${each}}`).join(', ');
    return [`{${name}} has no value in ${scope}: there are ${allowed}; {{${name}}} is the text itself`];
  });
}

/** Applies the command file at the start. Its commands without a problem count. */
export function withCommandFile(state: State, read: UserFileText): State {
  const { state: next, problems } = applied(state, read);
  const known = { ...next, commandFile: { ...next.commandFile, text: read.text, problems } };
  return problems.length === 0 ? known : withNotice(known, 'bad', describeProblems(problems), SUBJECT);
}

const SUBJECT = 'commands.yaml';

/** Applies a changed command file at once. The commands stay as they were while there is a problem in it. */
export const commandFileReducer: Reducer = (state, event) => {
  if (event.kind !== 'command_file') return step(state);
  const { commandFile } = state;
  const { state: next, problems } = applied(state, event);
  if (event.text === commandFile.text && String(problems) === String(commandFile.problems))
    return step(state);
  if (problems.length > 0) {
    const known = { ...state, commandFile: { ...commandFile, text: event.text, problems } };
    const text = `${describeProblems(problems)}. Your commands stay as they were.`;
    return step(withNotice(known, 'bad', text, SUBJECT));
  }
  const changed = { ...next, chord: [], commandFile: { ...next.commandFile, text: event.text, problems } };
  const news =
    event.text === undefined ? 'commands.yaml is gone.' : 'The commands of commands.yaml work now.';
  return step(withNotice(changed, 'good', news, SUBJECT));
};

/** The state with the commands of the file and their keys, and all problems. */
function applied(
  state: State,
  { text, problem }: UserFileText,
): { state: State; problems: readonly string[] } {
  const { commands, problems, lineOf } = parseCommandFile(text ?? '');
  const { state: next, taken } = withUserKeys({ ...state, commandFile: { ...state.commandFile, commands } });
  const lines = new Map(commands.map((command) => [ownActionId(command), lineOf.get(command.name)]));
  const conflicts = taken.map(({ id, description }) => named(atLine(lines.get(id), description)));
  return { state: next, problems: [...(problem === undefined ? [] : [problem]), ...problems, ...conflicts] };
}
