import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The folders in a user's home when the variable is not set. */
const DEFAULT_FOLDERS = { XDG_CONFIG_HOME: ['.config'], XDG_STATE_HOME: ['.local', 'state'] } as const;

/**
 * Returns the path of a file in one of the user's base directories, such as `~/.config/quickscrape/keys.yaml`. The XDG
 * base directory specification requires that a relative path in the variable is ignored.
 */
export function userFilePath(variable: keyof typeof DEFAULT_FOLDERS, name: string, env: Environment): string {
  const set = env[variable] ?? '';
  return join(isAbsolute(set) ? set : join(homedir(), ...DEFAULT_FOLDERS[variable]), 'quickscrape', name);
}
