import { QuickscrapeError } from '../lib/errors.ts';
import { tryParseJson } from '../lib/json.ts';
import { findProgramProblem } from '../process/find-program.ts';
import { type CallbackFields, COMMAND_FIELDS, type CommandField, type JobDefinition } from './definition.ts';
import { hasDifferences, type RunDifferences } from './differences.ts';
import { readNotify } from './notify.ts';
import type { StoredStatus } from './run-record.ts';

export type Command = string | string[];

/** A command to call at the end of a run, and the job's field that defines it. */
export interface CallbackCommand {
  field: CommandField;
  command: Command;
}

/**
 * Returns the commands to call at the end of a run, in order. `on_failure_mode: streak` calls a command only at the
 * first failure of a streak. `on_recovery` is called at the first success after a streak, `on_change` after a success
 * whose items differ from the last. A cancelled run calls no command, because a person cancelled it.
 * @param failuresBefore how many runs of the job had failed in a row before this one
 * @param changes `null` when there is no earlier run to compare with
 */
export function selectCallbacks(
  definition: CallbackFields,
  status: StoredStatus,
  failuresBefore: number,
  changes: RunDifferences | null,
): CallbackCommand[] {
  const asked = (field: CallbackCommand['field']) => {
    const command = definition[field];
    return isCommand(command) ? [{ field, command }] : [];
  };
  switch (status) {
    case 'succeeded':
      return [
        ...(failuresBefore > 0 ? asked('on_recovery') : []),
        ...asked('on_success'),
        ...(hasDifferences(changes) ? asked('on_change') : []),
      ];
    case 'failed':
    case 'timed_out':
    case 'abandoned': {
      const silent = definition.on_failure_mode === 'streak' && failuresBefore > 0;
      return silent ? [] : asked('on_failure');
    }
    default:
      return [];
  }
}

function isCommand(command: Command | null): command is Command {
  return command !== null && command.length > 0;
}

/**
 * Serializes a job's callbacks and channels as JSON for its run. The end of the run uses those that the job had at its
 * start.
 */
export function serializeCallbacks(fields: CallbackFields): string {
  const set = COMMAND_FIELDS.filter((name) => isCommand(fields[name])).map((name) => [name, fields[name]]);
  const { notify, on_failure_mode } = fields;
  return JSON.stringify({
    ...Object.fromEntries(set),
    ...(notify != null && { notify }),
    ...((set.length > 0 || on_failure_mode === 'streak') && { on_failure_mode }),
  });
}

/** Parses the output of {@link serializeCallbacks}; `null` for a run of an older version, or for an invalid text. */
export function parseCallbacks(text: string | null): CallbackFields | null {
  const found = text === null ? null : tryParseJson(text);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
  const fields = found as Record<string, unknown>;
  const command = (name: string) => (isCommandValue(fields[name]) ? fields[name] : null);
  return {
    on_success: command('on_success'),
    on_failure: command('on_failure'),
    on_recovery: command('on_recovery'),
    on_change: command('on_change'),
    on_failure_mode: fields['on_failure_mode'] === 'streak' ? 'streak' : 'each',
    ...(fields['notify'] !== undefined && { notify: readNotify(fields['notify']) }),
  };
}

function isCommandValue(value: unknown): value is Command {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((word) => typeof word === 'string'))
  );
}

/** Formats the failure of a command as a job stores it: `on_failure failed: exit code 1`. */
export function formatCallbackFailure(field: CommandField, reason: string): string {
  return `${field} failed: ${reason}`;
}

/**
 * Whether a job still has the command that failed. The stored text is the format: there is no other record of the
 * command. If the message names none, any command of the job counts.
 * @param message the output of {@link formatCallbackFailure}
 */
export function hasFailedCommand(definition: Pick<JobDefinition, CommandField>, message: string): boolean {
  const failed = COMMAND_FIELDS.find((field) => message.startsWith(formatCallbackFailure(field, '')));
  const fields = failed === undefined ? COMMAND_FIELDS : [failed];
  return fields.some((field) => definition[field] !== null);
}

/** Splits a command into the words that are executed. A string is split at spaces, except after a backslash. */
export function splitCommand(command: string | readonly string[]): string[] {
  if (typeof command !== 'string') return [...command];
  const words: string[] = [];
  for (const piece of command.trim().split(/ +/)) {
    const before = words.at(-1);
    if (before?.endsWith('\\')) words[words.length - 1] = `${before.slice(0, -1)} ${piece}`;
    else words.push(piece);
  }
  return words;
}

/**
 * Rejects a command string with shell syntax such as `|`, `&&` or `>`. No shell runs it, so the program would receive
 * these words as arguments. In an array, every word is taken as intended.
 * @param fields the fields that are changed
 * @throws QuickscrapeError `invalid_params`
 */
export function refuseShellSyntax(
  definition: Pick<JobDefinition, CommandField>,
  fields: readonly string[],
): void {
  for (const field of COMMAND_FIELDS) {
    const command = definition[field];
    if (!fields.includes(field) || typeof command !== 'string') continue;
    const word = findShellSyntax(command);
    if (word === undefined) continue;
    throw new QuickscrapeError(
      'invalid_params',
      `${field}: "${word}" needs a shell, and a command is run without one`,
      { field, hint: `Write it as an array: ${JSON.stringify(['sh', '-c', command])}, or call a script.` },
    );
  }
}

/** Returns the first word that only a shell understands; `undefined` when there is none. */
function findShellSyntax(command: string | readonly string[]): string | undefined {
  return splitCommand(command).find((word) => SHELL_WORD.test(word));
}

/** A shell's pipe, list or redirection as a separate word; a `;` may also end a word. */
const SHELL_WORD = /^(?:\|\|?|&&?|;|<{1,3}|(?:\d|&)?>{1,2}(?:&\d)?.*|.*[^\\];)$/;

/** Text that a shell would expand or remove: a command substitution, a variable, the user's folder, quotes. */
const SHELL_TEXT = /`|\$[({A-Za-z_]|^~(?:\/|$)|^["']/;

/** Where commands are searched. */
interface CommandLookup {
  /** The working folder of the commands. */
  home: string;
  /** The folders of the PATH; default: this process's PATH. */
  path?: string | undefined;
}

/**
 * Returns a warning sentence for each command that does not exist or is not executable. These are only warnings,
 * because the scheduler's PATH may differ.
 */
export function commandWarnings(
  definition: Pick<JobDefinition, CommandField>,
  place: CommandLookup,
  fields: readonly string[] = COMMAND_FIELDS,
): string[] {
  return COMMAND_FIELDS.filter((field) => fields.includes(field)).flatMap((field) => {
    const command = definition[field];
    const problem = command === null ? undefined : findProblem(command, place);
    return problem === undefined ? [] : [`${field}: ${problem}.`];
  });
}

function findProblem(command: string | readonly string[], { home, path }: CommandLookup): string | undefined {
  const word =
    findShellSyntax(command) ??
    (typeof command === 'string' ? splitCommand(command).find((one) => SHELL_TEXT.test(one)) : undefined);
  if (word !== undefined)
    return `"${word}" is taken as it stands, as no shell reads the command; for a shell write ["sh", "-c", "…"]`;
  const [program = ''] = splitCommand(command);
  return findProgramProblem(program, { folder: home, path });
}
