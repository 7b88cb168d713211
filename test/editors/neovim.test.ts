import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { VERSION } from '../../src/core/lib/program.ts';
import { shopHome } from '../cli/shop-home.ts';
import { it } from '../extend.ts';
import { hasNeovim, neovim, PLUGIN, session } from './neovim-session.ts';

it('the plugin for Neovim has the version of the program', () => {
  expect(readFileSync(join(PLUGIN, 'lua/quickscrape/version.lua'), 'utf8')).toBe(`return '${VERSION}'\n`);
});

it.skipIf(!hasNeovim)(
  'its texts are plain, its keys are found, its messages may come in pieces',
  async ({ home }) => {
    const { code, stderr, lines } = await session('texts', home);
    expect(stderr).toBe('');
    expect(lines).toEqual([
      'clean: "a�[2Jb c�d�31m�e"',
      'clean: 12.5 1000000000000000 [1,2]',
      'cut: 日本語… short',
      'columns: 日本  x|abc   y',
      'times: 2026-03-29 09:00 +02:00, 1 min 01 s, 2 h 01 min',
      'line: item 0',
      'line: a b 2',
      'line: next 6',
      'line: none nil',
      'received: � half',
    ]);
    expect(code).toBe(0);
  },
);

it.skipIf(!hasNeovim)(
  'its help has tags, and :checkhealth names the program and the home',
  async ({ folder }) => {
    const plugin = join(folder, 'plugin');
    cpSync(PLUGIN, plugin, { recursive: true });
    const script = [
      `helptags ${join(plugin, 'doc')}`,
      `set rtp+=${plugin}`,
      'runtime plugin/quickscrape.lua',
      'help :Quickscrape-new',
      'echo expand("%:t") getline(".")',
      'lua require("quickscrape").setup({ command = { "quickscrape-is-not-here" } })',
      'checkhealth quickscrape',
      'echo join(getline(1, "$"), "\\n")',
      'qall!',
    ];
    const { stderr } = await neovim(['--headless', ...script.flatMap((line) => ['-c', line])]);
    expect(existsSync(join(plugin, 'doc', 'tags'))).toBe(true);
    expect(stderr).toMatch(/quickscrape\.txt.*:Quickscrape-new/);
    expect(stderr).toContain('ERROR the program quickscrape-is-not-here was not found');
    expect(stderr).not.toMatch(/E\d+:/);
  },
);

it.skipIf(!hasNeovim)(
  'a program that is missing, another one, killed or too old is one message',
  async ({ home }) => {
    const { json } = shopHome(undefined, home);
    await json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'mine');
    const { code, stderr, lines } = await session('trouble', home);
    expect(stderr).toBe('');
    expect(lines).toEqual([
      expect.stringMatching(
        /^told: QuickScrape: the program quickscrape-is-not-here was not found\. Install/,
      ),
      'told: QuickScrape: "hello" is not a message of quickscrape rpc. Is the option `command` right?',
      'told: QuickScrape: quickscrape rpc has ended with exit code 2: error: unknown command',
      'told: QuickScrape: no method. This quickscrape is older than the plugin: upgrade it',
      expect.stringMatching(/^shown: pending mine /),
      'told: QuickScrape: quickscrape rpc was killed by signal 9. The next command starts it again',
      expect.stringMatching(
        /^shown: Not up to date \(R tries again\): quickscrape rpc was killed by signal 9/,
      ),
      'messages: 5',
      'ended: 0',
      expect.stringMatching(/^told: QuickScrape: there is no :Quickscrape nonsense; there are cancel, /),
      'told: QuickScrape: which job? Give its id, or put the cursor on it',
      expect.stringMatching(/^refused: false command.*a list of strings/),
    ]);
    expect(code).toBe(0);
  },
);
