import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROGRAM } from '../program.ts';
import { shopHome } from './shop-home.ts';

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
  const { home, qs, json } = shopHome();
  for (const [at, run] of ['run-a', 'run-c', 'run-b'].entries()) {
    mkdirSync(join(home, 'runs', 'mine', run), { recursive: true });
    utimesSync(join(home, 'runs', 'mine', run), at, at);
  }
  for (const id of ['mine', 'other'])
    await json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', id);
  const said = await qs('complete', '--', ...words);
  expect(said.code).toBe(0);
  const offered = said.stdout
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[0]);
  expect(offered).toEqual(suggestions);
});

it('prints a bash script that bash can read, and scripts for zsh and fish', async () => {
  const { qs } = shopHome({});
  const { stdout } = await qs('completion', 'bash');
  execFileSync('bash', ['-n'], { input: stdout });
  expect((await qs('completion', 'zsh')).stdout).toMatch(/^#compdef quickscrape/);
  expect((await qs('completion', 'fish')).stdout).toContain('complete -c quickscrape');
});

it.each([
  [
    ['quickscrape', 'job', 'show', ''],
    ['mine', 'other'],
  ],
  [['quickscrape', 'job', 'sh'], ['show']],
  [['quickscrape', 'job', 'show', 'm'], ['mine']],
])('completes %j in a bash that has no bash-completion', async (words, suggestions) => {
  const { home, qs, json } = shopHome();
  for (const id of ['mine', 'other'])
    await json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', id);
  const { stdout: script } = await qs('completion', 'bash');
  const line = `${script}
quickscrape() { "${process.execPath}" "${PROGRAM}" "$@"; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
__quickscrape_complete 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['--norc', '--noprofile', '-c', line], {
    env: { ...process.env, QUICKSCRAPE_HOME: home },
    encoding: 'utf8',
  });
  expect(said.trimEnd().split('\n')).toEqual(suggestions);
});
