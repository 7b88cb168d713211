import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
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
    ['scheduler', 'unit', ''],
    ['systemd', 'launchd'],
  ],
])('after %j suggests %j', async (words, suggestions) => {
  const { qs, json } = shopHome();
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
