import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const description =
  'completions of shells: completions/quickscrape, _quickscrape, quickscrape.fish, …ps1';

/** The names under which shells look for them; PowerShell has no such folder, and its profile names the file. */
export const COMPLETION_FILES = {
  bash: 'quickscrape',
  zsh: '_quickscrape',
  fish: 'quickscrape.fish',
  powershell: 'quickscrape.ps1',
};

export async function build({ root, out }) {
  const folder = join(out, 'completions');
  await mkdir(folder, { recursive: true });
  return Promise.all(
    Object.entries(COMPLETION_FILES).map(async ([shell, name]) => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        `${root}dist/cli.js`,
        'completion',
        shell,
      ]);
      if (stdout === '') throw new Error(`dist/cli.js prints no completion for ${shell}`);
      await writeFile(join(folder, name), stdout);
      return join(folder, name);
    }),
  );
}
