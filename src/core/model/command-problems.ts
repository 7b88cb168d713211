import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { QuickscrapeError } from '../lib/errors.ts';
import type { JobDefinition } from './definition.ts';

/** The fields of a job that name a command to call at the end of a run. */
export const COMMAND_FIELDS = ['on_success', 'on_failure', 'on_recovery', 'on_change'] as const;
export type CommandField = (typeof COMMAND_FIELDS)[number];

type Command = JobDefinition[CommandField];

/** A shell's pipe, list or redirection as a separate word; a `;` may also end a word. */
const SHELL_WORD = /^(?:\|\|?|&&?|;|<{1,3}|(?:\d|&)?>{1,2}(?:&\d)?.*|.*[^\\];)$/;

/** Text that a shell would expand or remove: a command substitution, a variable, the user's folder, quotes. */
const SHELL_TEXT = /`|\$[({A-Za-z_]|^~(?:\/|$)|^["']/;

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

/** Returns the first word that only a shell understands; `undefined` when there is none. */
function findShellSyntax(command: string | readonly string[]): string | undefined {
  return splitCommand(command).find((word) => SHELL_WORD.test(word));
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

/** Where commands are searched. */
export interface CommandLookup {
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

function findProblem(command: NonNullable<Command>, { home, path }: CommandLookup): string | undefined {
  const word =
    findShellSyntax(command) ??
    (typeof command === 'string' ? splitCommand(command).find((one) => SHELL_TEXT.test(one)) : undefined);
  if (word !== undefined)
    return `"${word}" is taken as it stands, as no shell reads the command; for a shell write ["sh", "-c", "…"]`;
  const [program = ''] = splitCommand(command);
  // Windows finds programs by its own rules.
  if (process.platform === 'win32') return undefined;
  if (program.includes('/')) return findFileProblem(isAbsolute(program) ? program : resolve(home, program));
  const folders = (path ?? process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  if (folders.some((folder) => findFileProblem(join(folder, program)) === undefined)) return undefined;
  return `the command ${program} is not on the PATH of this process; install it, or give its full path`;
}

function findFileProblem(file: string): string | undefined {
  try {
    if (statSync(file).isDirectory()) return `${file} is a folder, not a program`;
    accessSync(file, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return `${file} may not be executed; try: chmod +x ${file}`;
    return `${file} does not exist`;
  }
}
