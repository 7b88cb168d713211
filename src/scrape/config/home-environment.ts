import { lstatSync, statSync } from 'node:fs';
import type { HomePaths } from '../../core/fs/paths.ts';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import type { Issue } from '../../core/lib/errors.ts';
import type { Environment } from './expand-variables.ts';
import { parseSecrets } from './parse-secrets.ts';

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
