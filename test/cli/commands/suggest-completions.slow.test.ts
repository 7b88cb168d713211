import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { lacks } from '../../platform.ts';
import { PROGRAM, quickscrape } from '../../program.ts';
import { type Home, shopHome } from '../shop-home.ts';

// One home for all: nothing here changes it.
const folder = mkdtempSync(join(tmpdir(), 'quickscrape-test-completion-'));
let shop: Home;

beforeAll(async () => {
  shop = shopHome(undefined, folder);
  const workspace = openWorkspace({ home: folder, actor: 'library' });
  const schedule = { type: 'custom', cron_expression: '@daily', timezone: 'UTC' };
  for (const id of ['mine', 'other'])
    await workspace.jobs.create({ id, fields: { config_name: 'books', schedule } }, 'library');
  workspace.close();
  for (const [at, run] of ['run-a', 'run-c', 'run-b'].entries()) {
    mkdirSync(join(folder, 'runs', 'mine', run), { recursive: true });
    utimesSync(join(folder, 'runs', 'mine', run), at, at);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  [['jo'], ['job']],
  [['job', 'sh'], ['show']],
  [
    ['job', 'show', ''],
    ['mine', 'other'],
  ],
  [['job', 'show', 'm'], ['mine']],
  [['scrape', ''], ['books']],
  [['job', 'create', '--config', ''], ['books']],
  [
    ['job', 'create', '--overlap', ''],
    ['skip', 'queue', 'cancel_running', 'allow'],
  ],
  [['job', 'list', '--sta'], ['--status']],
  [
    ['job', 'logs', 'mine', '--run', ''],
    ['run-b', 'run-c', 'run-a'],
  ],
  [['job', 'items', 'run-a'], ['run-a']],
  [['config', 'get', 'keep'], ['keep_runs']],
  [
    ['scheduler', 'unit', ''],
    ['systemd', 'launchd'],
  ],
])('after %j suggests %j', async (words, suggestions) => {
  const said = await shop.program('complete', '--', ...words);
  expect(said.code).toBe(0);
  const offered = said.stdout
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[0]);
  expect(offered).toEqual(suggestions);
});

it('suggests the homes that have names', async () => {
  mkdirSync(join(folder, 'config', 'quickscrape'), { recursive: true });
  writeFileSync(join(folder, 'config', 'quickscrape', 'homes.yaml'), 'acme: ~/acme\nparis: ssh://paris/x\n');
  const env = { XDG_CONFIG_HOME: join(folder, 'config') };
  for (const [word, names] of [
    ['', '@acme\t\n@paris\t\n'],
    ['@p', '@paris\t\n'],
  ] as const) {
    const said = await quickscrape(['complete', '--', 'job', 'list', '--home', word], { home: folder, env });
    expect(said.stdout).toBe(`${names}:4\n`);
  }
  // Of a home on another machine, nothing is suggested.
  const remote = await quickscrape(['complete', '--', 'job', 'show', ''], { home: '@paris', env });
  expect([remote.code, remote.stdout]).toEqual([0, ':4\n']);
});

it.skipIf(lacks('shell'))(
  'prints a bash script that bash can read, and scripts for zsh and fish',
  async () => {
    const { program } = shop;
    const { stdout } = await program('completion', 'bash');
    execFileSync('bash', ['-n'], { input: stdout });
    expect((await program('completion', 'zsh')).stdout).toMatch(/^#compdef quickscrape/);
    expect((await program('completion', 'fish')).stdout).toContain('complete -c quickscrape');
  },
);

it.skipIf(lacks('shell')).each([
  [
    ['quickscrape', 'job', 'show', ''],
    ['mine', 'other'],
  ],
  [['quickscrape', 'job', 'sh'], ['show']],
  [['quickscrape', 'job', 'show', 'm'], ['mine']],
])('completes %j in a bash that has no bash-completion', async (words, suggestions) => {
  const { stdout: script } = await shop.program('completion', 'bash');
  const line = `${script}
quickscrape() { "${process.execPath}" "${PROGRAM}" "$@"; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
__quickscrape_complete 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['--norc', '--noprofile', '-c', line], {
    env: { ...process.env, QUICKSCRAPE_HOME: shop.home },
    encoding: 'utf8',
  });
  expect(said.trimEnd().split('\n')).toEqual(suggestions);
});
