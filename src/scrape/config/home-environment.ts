import { lstatSync, statSync } from 'node:fs';
import type { HomePaths } from '../../core/fs/paths.ts';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import type { Issue } from '../../core/lib/errors.ts';
import { formatFromPath, type OutputFormat } from '../../core/model/output-format.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { ScrapeConfig } from './config-schema.ts';
import type { Environment } from './expand-variables.ts';
import type { OutputSettings } from './output.ts';

/** What a `secrets.env` says. */
export interface Secrets {
  values: Record<string, string>;
  /** Lines that say nothing that can be used. No message repeats what stands there: it may be a secret. */
  problems: { line: number; message: string }[];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[^\S\n]*/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Reads `NAME=value` lines, as a shell and dotenv files have them: `export` may stand before, `#` begins a comment at the
 * start of a line or after white space (a password may hold one), `'…'` is taken as it is, `"…"` knows `\n`, `\t`, `\"`
 * and `\\`; both may go over several lines. Nothing is filled in within a value. Of two lines with one name the last counts.
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
      if (/^\s*[^\s#]/.test(rest.slice(0, end))) problems.push({ line, message: 'is no NAME=value' });
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
        problems.push({ line, message: `${name}: there is more after the quotes` });
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

/** A configuration in which nothing is left open. */
export type CompleteConfig = ScrapeConfig & {
  timeout: number;
  respect_robots: boolean;
  /** The setting; the program is looked for where it is null. */
  browser_path: string | null;
  output: OutputSettings & { format: OutputFormat };
};

/**
 * Takes from the home's settings what a configuration does not say: time-out, robots.txt, user agent, format. A format
 * that is not said is the one that the output path's ending belongs to, before it is the settings'.
 */
export function applySettings(config: ScrapeConfig, settings: Pick<Settings, 'get'>): CompleteConfig {
  const { format = formatFromPath(config.output.path ?? '') } = config.output;
  const userAgent = config.user_agent ?? settings.get('user_agent');
  return {
    ...config,
    timeout: config.timeout ?? settings.get('request_timeout'),
    respect_robots: config.respect_robots ?? settings.get('respect_robots'),
    browser_path: settings.get('browser_path'),
    ...(userAgent !== null && { user_agent: userAgent }),
    output: { ...config.output, format: format ?? settings.get('default_output_format') },
  };
}

const MAX_BYTES = 65_536;
const NAME = 'secrets.env';

export interface HomeEnvironment {
  /** What `${NAME}` is filled in from: the environment, and for what is not set there the home's `secrets.env`. */
  env: Environment;
  /** What that file holds, whatever the environment says. */
  secrets: Record<string, string>;
  /** What is doubtful about that file. None holds a value. */
  doubts: Issue[];
}

/**
 * The variables that a configuration of this home may use. A `secrets.env` that cannot be read is a doubt and no error:
 * whoever needs a variable of it learns that it is not set.
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
      doubts: [toWarning(`cannot be read: ${reason}`, 'It is left out.')],
    };
  }
}

function checkPermissions(file: string): Issue[] {
  const mode = statSync(file).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return [];
  return [
    toWarning(`is open to other users (mode ${mode.toString(8).padStart(4, '0')})`, `chmod 600 ${file}`),
  ];
}

function toWarning(message: string, hint: string): Issue {
  return { path: '', message, file: NAME, hint };
}
