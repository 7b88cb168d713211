import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { parseMetrics } from '../parse-metrics.ts';
import { shopHome } from '../shop-home.ts';

it('prints figures of the home and of each job', async () => {
  const { qs, json } = shopHome();
  await json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'mine');
  const { code, stdout } = await qs('metrics');
  expect(code).toBe(0);
  const families = new Map(parseMetrics(stdout).map((family) => [family.name, family]));
  expect(families.get('quickscrape_scheduler_up')?.samples).toEqual([{ labels: {}, value: 0 }]);
  expect(families.get('quickscrape_job_info')?.samples).toEqual([
    { labels: { job: 'mine', config: 'books', host: '127.0.0.1:9' }, value: 1 },
  ]);
  const { metrics } = (await json('metrics')) as { metrics: { name: string }[] };
  expect(metrics.map(({ name }) => name)).toEqual([...families.keys()]);
});

it.skipIf(lacks('modes'))('writes a file that everybody may read, and says nothing', async ({ folder }) => {
  const { qs, json } = shopHome();
  await json('config', 'list');
  const file = join(folder, 'quickscrape.prom');
  expect(await qs('metrics', '--write', file)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(parseMetrics(readFileSync(file, 'utf8')).length).toBeGreaterThan(5);
  expect(statSync(file).mode & 0o777).toBe(0o644);
  expect(readdirSync(folder)).toEqual(['quickscrape.prom']);
  expect(await json('metrics', '--write', file)).toEqual({ file, bytes: statSync(file).size });
});

it('refuses a name that no collector reads, and --every without a file', async ({ folder }) => {
  const { qs } = shopHome();
  const named = await qs('metrics', '--write', join(folder, 'figures.txt'));
  expect([named.code, named.stderr]).toEqual([2, expect.stringContaining('must end in .prom')]);
  const alone = await qs('metrics', '--every', '15');
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--every goes with --write')]);
  expect(readdirSync(folder)).toEqual([]);
});

it('reports a folder that cannot be written', async ({ folder }) => {
  const { qs, json } = shopHome();
  await json('config', 'list');
  const inside = join(folder, 'gone');
  mkdirSync(inside);
  rmdirSync(inside);
  const { code, stderr } = await qs('metrics', '--write', join(inside, 'a.prom'));
  expect(code).not.toBe(0);
  expect(stderr).toContain('cannot write');
});
