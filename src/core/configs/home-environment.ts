import { lstatSync } from 'node:fs';
import { openMode } from '../fs/file-modes.ts';
import type { HomePaths } from '../fs/paths.ts';
import { readRegularFile } from '../fs/read-regular-file.ts';
import type { Issue } from '../lib/errors.ts';

/** The variables from which `${NAME}` is filled in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The content of a `secrets.env`. */
export interface Secrets {
  values: Record<string, string>;
  /** Lines that cannot be parsed. No message repeats their text, because it may be a secret. */
  problems: { line: number; message: string }[];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[^\S\n]*/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Parses `NAME=value` lines in the format of shell and dotenv files:
 * - `export` may precede the name;
 * - `#` begins a comment only at the start of a line or after white space, because a password may contain it;
 * - `'…'` is literal, and `"…"` supports `\n`, `\r`, `\t`, `\"` and `\\`; both may span several lines.
 *
 * Values are not expanded. If a name appears twice, the last line counts.
 */
export function parseSecrets(text: string): Secrets {
  const values: Record<string, string> = {};
  const problems: Secrets['problems'] = [];
  let rest = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  for (let line = 1; rest !== ''; ) {
    const end = rest.indexOf('\n') < 0 ? rest.length : rest.indexOf('\n');
    const [head = '', name = ''] = ASSIGNMENT.exec(rest.slice(0, end)) ?? [];
    const after = rest.slice(head.length);
    const quoted = /^"((?:[^"\\]|\\[\s\S])*)"|^'([^']*)'/.exec(after);
    let length = end;
    if (name === '') {
      if (/^\s*[^\s#]/.test(rest.slice(0, end))) problems.push({ line, message: 'is not NAME=value' });
    } else if (quoted === null && /^["']/.test(after)) {
      problems.push({ line, message: `${name}: the quote is not closed` });
    } else if (quoted === null) {
      values[name] = rest
        .slice(head.length, end)
        .replace(/(?:^|\s)#.*$/, '')
        .trim();
    } else {
      values[name] = quoted[2] ?? (quoted[1] ?? '').replaceAll(/\\([\s\S])/g, unescapeLetter);
      length = head.length + quoted[0].length;
      const [tail = ''] = rest.slice(length).split('\n', 1);
      if (/^\s*[^\s#]/.test(tail))
        problems.push({ line, message: `${name}: there is text after the closing quote` });
      length += tail.length;
    }
    line += rest.slice(0, length).split('\n').length;
    rest = rest.slice(length + 1);
  }
  return { values, problems };
}

function unescapeLetter(whole: string, letter: string): string {
  return ESCAPES[letter] ?? (letter === '"' || letter === '\\' ? letter : whole);
}

const MAX_BYTES = 65_536;
const NAME = 'secrets.env';

export interface HomeEnvironment {
  /** Values for `${NAME}`: the environment, and for variables not set there the home's `secrets.env`. */
  env: Environment;
  /** The content of that file, independent of the environment. */
  secrets: Record<string, string>;
  /** Warnings about that file. None contains a value. */
  doubts: Issue[];
}

/**
 * Returns the variables that a configuration of this home may use. An unreadable `secrets.env` is a warning and not an
 * error: a configuration that needs one of its variables then reports that it is not set.
 */
export function readHomeEnvironment({ secrets: file }: Pick<HomePaths, 'secrets'>): HomeEnvironment {
  try {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined)
      return { env: process.env, secrets: {}, doubts: [] };
    const { values, problems } = parseSecrets(readRegularFile(file, MAX_BYTES).toString('utf8'));
    const doubts = problems.map(({ line, message }) => ({
      ...toWarning(message, `Write NAME=value, with quotes around a value of several lines: ${file}`),
      line,
    }));
    return {
      env: { ...values, ...process.env },
      secrets: values,
      doubts: [...checkPermissions(file), ...doubts],
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      env: process.env,
      secrets: {},
      doubts: [toWarning(`cannot be read: ${reason}`, 'The file is ignored.')],
    };
  }
}

function checkPermissions(file: string): Issue[] {
  const mode = openMode(file);
  return mode === undefined ? [] : [toWarning(`is open to other users (mode ${mode})`, `chmod 600 ${file}`)];
}

function toWarning(message: string, hint: string): Issue {
  return { path: '', message, file: NAME, hint };
}
