import { realpathSync } from 'node:fs';
import { basename, delimiter, join, relative } from 'node:path';
import { programFile } from '../../core/lib/program.ts';
import { shellQuote } from '../../core/lib/shell-quote.ts';

const NAME = 'quickscrape';

/** Where a person types commands: the folder, and the PATH of the shell. */
export interface Shell {
  folder: string;
  path: string;
}

/**
 * The words that start this program again in the person's shell: `quickscrape` when PATH leads to it, else
 * `node dist/cli.js`, with the file seen from their folder where that is shorter.
 */
export function programInvocation(shell: Shell = currentShell(), program = programFile('cli')): string {
  if (isOnPath(shell.path, program)) return NAME;
  const relativePath = relative(shell.folder, program);
  return `node ${shellQuote(relativePath === '' || relativePath.length > program.length ? program : relativePath)}`;
}

/** npm starts scripts in the folder of the package; `INIT_CWD` is where the person stands. */
function currentShell(): Shell {
  const { INIT_CWD, PATH = '' } = process.env as Record<string, string | undefined>;
  return { folder: INIT_CWD ?? process.cwd(), path: PATH };
}

/** A command of the same name may be another installation, which need not know what this one has made. */
function isOnPath(path: string, program: string): boolean {
  // What npm puts in front for its scripts is in no shell.
  const folders = path.split(delimiter).filter((folder) => folder !== '' && basename(folder) !== '.bin');
  return folders.some((folder) => {
    try {
      return realpathSync(join(folder, NAME)) === realpathSync(program);
    } catch {
      return false;
    }
  });
}
