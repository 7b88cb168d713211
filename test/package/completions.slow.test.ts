import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { PROGRAM } from '../program.ts';
import { startShell, type TestedShell } from './shells.ts';

const { buildArtefacts } = await import(new URL('../../build/artefacts.mjs', import.meta.url).href);

/** Where each shell looks for a completion, and what makes it look below a folder of the test. */
const PLACES: Record<TestedShell, { file: string; setup: (folder: string) => string }> = {
  bash: {
    file: 'bash-completion/completions/quickscrape',
    setup: () => 'source /usr/share/bash-completion/bash_completion',
  },
  zsh: {
    file: 'zsh/site-functions/_quickscrape',
    setup: (folder) =>
      `fpath=(${folder}/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -d ${folder}/dump`,
  },
  fish: {
    file: 'fish/vendor_completions.d/quickscrape.fish',
    setup: (folder) => `set fish_complete_path ${folder}/fish/vendor_completions.d $fish_complete_path`,
  },
};

it.skipIf(lacks('linux')).for(['bash', 'zsh', 'fish'] as const)(
  '%s completes a command with the file in the place where it looks',
  async (shell, { folder, home }) => {
    const { file, setup } = PLACES[shell];
    const [...written] = (await buildArtefacts(['completions'], {
      out: join(folder, 'out'),
      isBuilt: true,
    })) as string[];
    const source = written.find((path) => path.endsWith(file.slice(file.lastIndexOf('/')))) as string;
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    symlinkSync(PROGRAM, join(bin, 'quickscrape'));
    cpSync(source, join(folder, file));
    const terminal = await startShell(shell, {
      setup: setup(folder),
      home,
      path: bin,
      env: { XDG_DATA_DIRS: folder },
    });
    terminal.send('quickscrape sched\t');
    await terminal.waitFor(/quickscrape schedule/);
    terminal.send('r\tunit lau\t');
    await terminal.waitFor(/quickscrape scheduler unit launchd /);
  },
);

it('writes a script for PowerShell that calls the program and registers itself', async ({ folder }) => {
  const written = (await buildArtefacts(['completions'], { out: folder, isBuilt: true })) as string[];
  const script = readFileSync(written.find((path) => path.endsWith('.ps1')) as string, 'utf8');
  expect(script).toContain("Register-ArgumentCompleter -CommandName 'quickscrape'");
  expect(script).toContain("& quickscrape complete '--'");
});
