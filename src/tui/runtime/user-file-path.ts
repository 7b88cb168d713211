import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where each of them lies in a user's home unless the variable says otherwise. */
const DEFAULT_FOLDERS = { XDG_CONFIG_HOME: ['.config'], XDG_STATE_HOME: ['.local', 'state'] } as const;

/**
 * The path of a file of ours in one of the user's base directories, such as `~/.config/quickscrape/keys.yaml`. By the XDG
 * base directory specification a relative path in the variable counts as none.
 */
export function userFilePath(variable: keyof typeof DEFAULT_FOLDERS, name: string, env: Environment): string {
  const set = env[variable] ?? '';
  return join(isAbsolute(set) ? set : join(homedir(), ...DEFAULT_FOLDERS[variable]), 'quickscrape', name);
}
