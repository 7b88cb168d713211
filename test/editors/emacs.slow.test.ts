import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { VERSION } from '../../src/core/lib/program.ts';
import { shopHome } from '../cli/shop-home.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { PROGRAM } from '../program.ts';
import { listSite } from './list-site.ts';

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const PACKAGE = path('editors/emacs/quickscrape.el');
const hasEmacs = spawnSync('emacs', ['--version']).status === 0;

async function emacs(folder: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn('emacs', ['--batch', '-Q', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: folder, TMPDIR: folder, LC_ALL: 'C.UTF-8', ...env },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  return { code, stderr, lines: stdout.trimEnd().split('\n') };
}

it('the package for Emacs has the version of the program', () => {
  expect(readFileSync(PACKAGE, 'utf8')).toContain(`\n;; Version: ${VERSION}\n`);
});

it.skipIf(!hasEmacs)(
  'the package for Emacs compiles and passes checkdoc without a warning',
  async ({ folder }) => {
    const copy = join(folder, 'quickscrape.el');
    copyFileSync(PACKAGE, copy);
    const strict = ['--eval', '(setq byte-compile-error-on-warn t)', '-f', 'batch-byte-compile', copy];
    expect(await emacs(folder, strict)).toMatchObject({ code: 0, stderr: '' });
    expect(await emacs(folder, ['--eval', `(checkdoc-file "${copy}")`])).toMatchObject({
      code: 0,
      stderr: '',
    });
  },
);

it.skipIf(!hasEmacs)(
  'Emacs shows jobs as they change, runs them, and makes configurations',
  async ({ site, folder }) => {
    const { home, json } = shopHome({ page: gatedConfig(site.url) });
    await json('job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine');
    const { code, stderr, lines } = await emacs(
      folder,
      ['-l', PACKAGE, '-l', path('test/fixtures/emacs/session.el')],
      { COMMAND: [process.execPath, PROGRAM, '--home', home].join('\n'), LIST_URL: await listSite() },
    );
    expect(stderr).toBe('');
    expect(lines).toEqual([
      'clean: "a�[2Jb c�d"',
      expect.stringMatching(/^shown: pending mine 20\d\d-\d\d-\d\d \d\d:\d\d \S+ at/),
      'told: QuickScrape: mine: disabled',
      expect.stringMatching(/^shown: disabled mine at/),
      'told: QuickScrape: mine: enabled',
      expect.stringMatching(/^shown: pending mine /),
      'told: QuickScrape: mine: queued',
      'told: QuickScrape: mine: succeeded, 1 item',
      expect.stringMatching(/^shown: succeeded mine /),
      expect.stringMatching(/^shown: 20\S+ INFO run \w+ of job mine: attempt 1 of 1/),
      'told: QuickScrape: quickscrape rpc has ended. The next command starts it again',
      'told: QuickScrape: reading nonsense …',
      expect.stringMatching(/^told: QuickScrape: the host "nonsense" has no dot/),
      expect.stringMatching(/^told: QuickScrape: reading http/),
      'opened: item: li.tree',
      expect.stringMatching(/^refused: The program quickscrape-is-not-here was not found; install/),
    ]);
    expect(code).toBe(0);
  },
);
