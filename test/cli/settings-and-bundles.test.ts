import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quickscrape } from '../program.ts';
import { BOOKS, shopHome } from './shop-home.ts';

it('sets, gets, lists and resets settings', async () => {
  const { program: qs, json } = shopHome();
  expect((await qs('config', 'get', 'max_concurrent_runs')).stdout).toBe('4\n');
  expect(await json('config', 'set', 'max_concurrent_runs', '8')).toEqual({
    key: 'max_concurrent_runs',
    value: 8,
  });
  expect(await json('config', 'get', 'max_concurrent_runs')).toEqual({
    key: 'max_concurrent_runs',
    value: 8,
  });
  const { settings } = await json('config', 'list');
  expect(settings).toContainEqual(
    expect.objectContaining({ key: 'max_concurrent_runs', value: 8, default: 4 }),
  );
  expect((await qs('config', 'list')).stdout).toMatch(/max_concurrent_runs +8 +4/);
  await json('config', 'reset', 'max_concurrent_runs');
  expect((await qs('config', 'get', 'max_concurrent_runs')).stdout).toBe('4\n');
  await json('config', 'set', 'respect_robots', 'false');
  expect(await json('config', 'reset')).toEqual({ reset: null });
  expect(await json('config', 'get', 'respect_robots')).toMatchObject({ value: true });
});

it('reports only the first cause when YAML means something else than intended', async () => {
  const { home, qs } = shopHome();
  const said = await qs('config', 'set', 'keep_runs', '!five 5');
  expect(said.stderr.trim().split('\n')).toEqual([
    'error: keep_runs: must be a whole number from 1 to 1000000, not "!five 5"',
  ]);
  writeFileSync(join(home, 'settings.yaml'), '? [a, b]\n: 1\n');
  expect(await qs('doctor')).toMatchObject({
    stderr: '',
    stdout: expect.stringContaining('[ a, b ]: not known to this version, and without effect'),
  });
});

it('moves a home by export and import, through a file and through a pipe', async () => {
  const from = shopHome();
  await from.json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', 'mine', '--tag', 'a');
  await from.json('config', 'set', 'keep_runs', '7');
  const file = join(from.home, 'bundle.json');
  expect(await from.json('export', file)).toEqual({ file, jobs: 1, configs: 1 });

  const to = shopHome({});
  const imported = ['configuration books', 'job mine', 'setting keep_runs'];
  const { stdout: planned } = await to.qs('import', file, '--dry-run');
  expect(planned).toContain('would import  job mine\n');
  expect(planned).toContain('3 things would be imported, 0 unchanged, 0 conflicts');
  expect(await to.json('list')).toMatchObject({ total: 0 });
  expect(await to.json('import', file)).toEqual({ imported, unchanged: [], conflicts: [], missing: [] });
  expect((await to.json('job', 'show', 'mine'))['job']).toMatchObject({ id: 'mine', tags: ['a'] });
  expect(await to.json('import', file)).toMatchObject({ imported: [], unchanged: imported });

  const piped = shopHome({});
  const { stdout: bundle } = await from.qs('export');
  const said = await quickscrape(['import', '-', '--json'], { home: piped.home, input: bundle });
  expect(JSON.parse(said.stdout)).toMatchObject({ imported });
});

it('names the files of addresses that a bundle lacks', async () => {
  const { home, qs } = shopHome();
  writeFileSync(
    join(home, 'configs', 'many.yaml'),
    'urls_from: {template: "https://e.com/{id}", values: {id: ids.csv}}\nselectors: {title: h1}\n',
  );
  expect((await qs('export')).stderr).toBe(
    'left out: ids.csv, the addresses of configuration many: copy it, too\n',
  );
});

it('names the files of addresses that an imported configuration lacks', async () => {
  const [from, to] = [shopHome(), shopHome()];
  for (const name of ['here', 'away'])
    writeFileSync(
      join(from.home, 'configs', `${name}.yaml`),
      `urls_from: ${name}.csv\nselectors: {title: h1}\n`,
    );
  writeFileSync(join(to.home, 'configs', 'here.csv'), 'https://e.com/\n');
  const { stdout: bundle } = await from.qs('export');
  const said = await quickscrape(['import', '-'], { home: to.home, input: bundle });
  expect(said.code).toBe(0);
  expect(said.stdout.split('\n').filter((line) => line.startsWith('missing'))).toEqual([
    `missing   ${join(to.home, 'configs', 'away.csv')}, the addresses of configuration away: copy it from the other home`,
  ]);
});

it('overwrites nothing at import: it lists the conflicts and exits 4', async () => {
  const from = shopHome();
  await from.json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', 'mine');
  await from.json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', 'new');
  const { stdout: bundle } = await from.qs('export');
  const to = shopHome({ books: `${BOOKS}# my own\n` });
  await to.json('job', 'create', '--config', 'books', '--cron', '@hourly', '--id', 'mine');
  const said = await quickscrape(['import', '-', '--json'], { home: to.home, input: bundle });
  expect(said.code).toBe(4);
  const report = JSON.parse(said.stdout);
  expect(report.imported).toEqual(['job new']);
  expect(report.conflicts.map(({ what }: { what: string }) => what)).toEqual([
    'configuration books',
    'job mine',
  ]);
  expect(report.conflicts[1].reason).toContain('schedule');
  expect(readFileSync(join(to.home, 'configs', 'books.yaml'), 'utf8')).toContain('# my own');
});

it.each([
  ['no JSON at all', 'no JSON'],
  ['{"format":"other"}', 'format'],
  [
    '{"format":"quickscrape-bundle","version":1,"exported_at":"x","settings":{},"configs":{"../x":"y"},"jobs":[]}',
    'configs',
  ],
  [
    '{"format":"quickscrape-bundle","version":1,"exported_at":"x","settings":{},"configs":{"a":"y"},"jobs":[{"id":"j","config_name":"a","schedule":{"type":"daily","time":"25:00"}}]}',
    '25:00',
  ],
])('refuses the bundle %j before it writes anything', async (bundle, said) => {
  const { home, qs, json } = shopHome({});
  const file = join(home, 'b.json');
  writeFileSync(file, bundle);
  const refused = await qs('import', file);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(said)]);
  expect(await json('list')).toMatchObject({ total: 0 });
});
