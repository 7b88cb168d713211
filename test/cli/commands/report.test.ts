import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { it } from '../../extend.ts';
import { lacks } from '../../platform.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { putRun } from '../../tui/runtime/home/put-run.ts';
import { shopHome } from '../shop-home.ts';

async function homeWithRuns() {
  const shop = shopHome();
  await shop.json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'prices');
  await shop.json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'news');
  const workspace = openTempWorkspace({ home: shop.home });
  putRun(workspace, 'prices', { items: 12, ago: 3_600_000, tookMs: 2_000 });
  const failed = putRun(workspace, 'news', { status: 'failed', ago: 1_800_000 });
  workspace.db.run(
    `UPDATE runs SET config_name = 'books', error_kind = 'http', error_message = 'HTTP 503' WHERE run_id = ?`,
    [failed],
  );
  workspace.db.run(`UPDATE job_state SET failures = 1 WHERE job_id = 'news'`);
  return shop;
}

it('prints a short table and the cause of failures', async () => {
  const { qs, json } = await homeWithRuns();
  const { code, stdout } = await qs('report');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^1 of 2 jobs fails, since \d{4}-\d\d-\d\d \d\d:\d\d\n/);
  expect(stdout).toMatch(/news +failing +0 % +1 /);
  expect(stdout).toMatch(/prices +well +100 % +1 +12 +2 s /);
  expect(stdout).toContain('The site has a problem of its own (HTTP 503)');
  expect(await json('report', '--days', '30', '--job', 'pri')).toMatchObject({
    ...{ days: 30, headline: 'The job is well' },
    jobs: [{ job_id: 'prices' }],
  });
});

it('writes one page, to a file or to stdout', async ({ folder }) => {
  const { qs, json } = await homeWithRuns();
  const file = join(folder, 'report.html');
  const { code, stdout } = await qs('report', '--html', file);
  expect([code, stdout]).toEqual([0, `Wrote ${file}: 1 of 2 jobs fails\n`]);
  const page = readFileSync(file, 'utf8');
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('<h1>1 of 2 jobs fails</h1>');
  expect(readdirSync(folder)).toEqual(['report.html']);
  expect(await json('report', '--html', file)).toEqual({ file, bytes: statSync(file).size });
  expect((await qs('report', '--html', '-')).stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

it.skipIf(lacks('modes'))(
  'writes a private file, and keeps the mode of one that is there',
  async ({ folder }) => {
    const { qs } = await homeWithRuns();
    const [mine, everybodys] = [join(folder, 'mine.html'), join(folder, 'ours.html')];
    writeFileSync(everybodys, '', { mode: 0o644 });
    for (const file of [mine, everybodys]) await qs('report', '--html', file);
    expect([mine, everybodys].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o644]);
  },
);

it('refuses a folder, a folder that is missing, no days and an unknown job, and writes nothing', async ({
  folder,
}) => {
  const { qs } = await homeWithRuns();
  const refused = async (...args: string[]) => {
    const { code, stderr } = await qs('report', ...args);
    return [code, stderr];
  };
  mkdirSync(join(folder, 'there'));
  expect(await refused('--html', join(folder, 'there'))).toEqual([
    2,
    expect.stringMatching(/there is a folder[\s\S]*Name a file in it: .*report\.html/),
  ]);
  expect(await refused('--html', join(folder, 'gone', 'a.html'))).toEqual([
    2,
    expect.stringMatching(/the folder .*gone does not exist[\s\S]*Make it/),
  ]);
  expect(await refused('--days', '0')).toEqual([2, expect.stringContaining('from 1 to 366')]);
  expect(await refused('--html', '')).toEqual([2, expect.stringContaining('must name a file')]);
  expect(await refused('--html', '-', '--json')).toEqual([
    2,
    expect.stringContaining('both print to stdout'),
  ]);
  expect(await refused('--job', 'pricse', '--html', join(folder, 'a.html'))).toEqual([
    3,
    expect.stringContaining('Did you mean prices?'),
  ]);
  expect(readdirSync(folder)).toEqual(['there']);
});

it('says that there are no jobs yet', async ({ folder }) => {
  const { qs, json } = shopHome();
  await json('config', 'list');
  expect((await qs('report')).stdout).toMatch(/^There are no jobs yet\n/);
  const file = join(folder, 'a.html');
  await qs('report', '--html', file);
  expect(readFileSync(file, 'utf8')).toContain('There are none yet.');
});
