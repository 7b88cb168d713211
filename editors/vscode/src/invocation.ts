import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** How the program is started, and on which home. */
export interface Invocation {
  /** The program and its first arguments: `['quickscrape']`. */
  command: readonly string[];
  /** The home folder; undefined: the program's own default. */
  home: string | undefined;
}

/** Reads what a person wrote into the settings: `~` is the user's folder, `${workspaceFolder}` that of the window. */
export function toInvocation(
  command: readonly string[],
  home: string,
  workspaceFolder: string | undefined,
): Invocation {
  const expanded = expandPath(home.trim(), workspaceFolder);
  return {
    command:
      command.length === 0 ? ['quickscrape'] : command.map((word) => expandPath(word, workspaceFolder)),
    home: expanded === '' ? undefined : resolve(expanded),
  };
}

function expandPath(path: string, workspaceFolder = ''): string {
  return path.replaceAll(/\$\{workspaceFolder\}/g, () => workspaceFolder).replace(/^~(?=$|[/\\])/, homedir());
}

/** The program and all arguments of a command. */
export function commandLine({ command, home }: Invocation, args: readonly string[]): [string, string[]] {
  const [program = 'quickscrape', ...first] = command;
  return [program, [...first, ...(home === undefined ? [] : ['--home', home]), ...args]];
}

/** The home folder, by the same rule as the program's. */
export function homeFolder({ home }: Invocation): string {
  return home ?? (process.env['QUICKSCRAPE_HOME'] || join(homedir(), '.quickscrape'));
}
