import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { shopHome } from '../cli/shop-home.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { PROGRAM } from '../program.ts';

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const installed = spawnSync('nvim', ['--version']).status === 0;

it.skipIf(!installed)(
  'the plugin for Neovim shows jobs as they change, runs one and ends its server',
  async ({ folder: own, site }) => {
    const { home, json } = shopHome({ page: gatedConfig(site.url) });
    await json('job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine');
    const child = spawn(
      'nvim',
      [
        ...['--clean', '-n', '-i', 'NONE', '-l', path('test/fixtures/neovim-session.lua')],
        ...[path('editors/neovim'), join(home, 'jobs', 'mine.json')],
        ...[process.execPath, PROGRAM, '--home', home],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          HOME: own,
          XDG_STATE_HOME: own,
          XDG_DATA_HOME: own,
          XDG_CACHE_HOME: own,
          TMPDIR: own,
        },
      },
    );
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
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^shown: mine pending 20\d\d-/),
      'edited: mine pending ',
      'told: mine: succeeded, 1 items',
      expect.stringMatching(/^told: there is no job "nope"/),
      expect.stringMatching(/^refused: false nope: unknown field/),
      'ended: 0',
    ]);
    expect(code).toBe(0);
  },
);
