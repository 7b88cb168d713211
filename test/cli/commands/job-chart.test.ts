import { expect } from 'vitest';
import type { Workspace } from '../../../src/core/workspace.ts';
import { addRun } from '../../core/operations/add-run.ts';
import { it } from '../../extend.ts';
import { inProcess } from '../in-process.ts';

async function openShop(workspace: Workspace, runs: number): Promise<void> {
  await workspace.configs.write('shop', 'url: https://shop.example/\nitem: li\nselectors: {id: .id}\n');
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'shop', fields: { config_name: 'shop', schedule } }, 'cli');
  for (let at = 0; at < runs; at += 1) {
    const status = at === 1 ? 'failed' : 'succeeded';
    addRun({ workspace }, `run${at}`, { job: 'shop', status, items: null });
    workspace.db.run('UPDATE runs SET items = ?, pages = 2, bytes = 1500, finished_at = ? WHERE run_id = ?', [
      880 + at,
      2_001 + 1_000 * at,
      `run${at}`,
    ]);
  }
}

it('job chart draws the runs of a job, no wider than eighty columns where there is no terminal', async ({
  home,
  workspace,
}) => {
  await openShop(workspace, 5);
  const { code, stdout } = await inProcess(['job', 'chart', 'shop'], home);
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines.slice(0, 2)).toEqual([
    'Success  80% · last 5 runs · 4 succeeded · ✗ 1 failed',
    'Items  last 884 · median 882.5',
  ]);
  expect(stdout).toMatch(/^ +884 ┤ +[⠀-⣿]+$/m);
  expect(stdout).toMatch(/^ +880 ┤ +[⠀-⣿]/m);
  expect(stdout).toMatch(/^ +✗$/m);
  expect(stdout).toContain('Time per page  last 3.0s · median 2.2s · duration by pages');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

it('job chart prints the figures for programs, and names older runs', async ({ home, workspace }) => {
  await openShop(workspace, 5);
  const { stdout } = await inProcess(['job', 'chart', 'shop', '--limit', '2', '--json'], home);
  expect(JSON.parse(stdout)).toMatchObject({
    job_id: 'shop',
    total: 5,
    success: { runs: 2, succeeded: 2, failed: 0, success_rate: 1 },
    figures: {
      items: { lowest: 883, highest: 884, median: 883.5, last: 884 },
      ms_per_page: { lowest: 2_500, highest: 3_000, last: 3_000 },
    },
    runs: [
      {
        run_id: 'run3',
        status: 'succeeded',
        items: 883,
        duration_ms: 5_000,
        bytes: 1500,
        ms_per_page: 2_500,
      },
      { run_id: 'run4' },
    ],
  });
  const drawn = await inProcess(['job', 'chart', 'shop', '--limit', '2'], home);
  expect(drawn.stderr).toContain('3 older runs; raise --limit to see them.');
});

it('job chart says that there is nothing to draw yet', async ({ home, workspace }) => {
  await openShop(workspace, 0);
  const { stdout, stderr } = await inProcess(['job', 'chart', 'shop'], home);
  expect(stdout.trim()).toBe('');
  expect(stderr).toContain('No run of job shop has ended yet.');
});

it('job chart --fields draws the medians of fields with numbers, of the runs whose items are kept', async ({
  home,
  workspace,
}) => {
  await openShop(workspace, 2);
  const prices = [
    ['£5.00', '£7.00', 'sold out'],
    ['£6.00', '£8.50', '£9.00'],
  ];
  for (const [at, list] of prices.entries())
    addRun({ workspace }, `kept${at}`, {
      job: 'shop',
      items: list.map((price, row) => ({ title: `Book ${row === 0 ? 1984 : 'of no number'}`, price })),
    });
  workspace.db.run("UPDATE runs SET finished_at = 2001 WHERE run_id LIKE 'kept%'");
  const { stdout } = await inProcess(['job', 'chart', 'shop', '--fields'], home);
  expect(stdout).toContain('price  last 8.5 · median 7.25 · median of the items');
  expect(stdout).not.toContain('title  last');
  const json = JSON.parse((await inProcess(['job', 'chart', 'shop', '--fields', '--json'], home)).stdout);
  expect(json.fields).toEqual({ price: { lowest: 6, highest: 8.5, median: 7.25, last: 8.5 } });
  expect(Object.keys(json.figures)).toEqual(['items', 'duration_ms', 'bytes', 'ms_per_page']);
});

it('job chart has one line for a figure that no run has, and one time for one run', async ({
  home,
  workspace,
}) => {
  await openShop(workspace, 2);
  const failed = await inProcess(['job', 'chart', 'shop', '--limit', '1'], home);
  expect(failed.stdout.split('\n').slice(0, 6)).toEqual([
    'Success  0% · 1 run · 0 succeeded · ✗ 1 failed',
    expect.stringMatching(/^Run at \S.*\d$/),
    ...['Items', 'Duration', 'Bytes', 'Time per page'].map((name) => `${name}  no value`),
  ]);
});

it('job chart writes the time of one run once below its charts', async ({ home, workspace }) => {
  await openShop(workspace, 1);
  const { stdout } = await inProcess(['job', 'chart', 'shop'], home);
  expect(stdout.match(/1970/g)).toHaveLength(1);
});
