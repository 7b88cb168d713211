import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { addRun } from '../../core/operations/add-run.ts';
import { it } from '../../extend.ts';
import { inProcess } from '../in-process.ts';

it('job items filters, sorts and picks fields, and shows more items than one answer has', async ({
  home,
  workspace,
}) => {
  const items = Array.from({ length: 2_500 }, (_, n) => ({ n, price: `£${n}.50`, isbn: n % 2 ? '' : 'x' }));
  addRun({ workspace }, 'abc', { items });
  const json = async (...args: string[]) =>
    JSON.parse((await inProcess(['job', 'items', 'abc', ...args, '--json'], home)).stdout);
  const all = await json('--limit', '2400');
  expect(all).toMatchObject({ total: 2_500, next_cursor: expect.any(String) });
  expect(all.items).toEqual(items.slice(0, 2_400));
  const some = await json(
    ...['--where', 'price>=2490', '--where', 'isbn!=', '--sort=-n', '--fields', 'n,price'],
  );
  expect(some.items).toEqual([2_498, 2_496, 2_494, 2_492, 2_490].map((n) => ({ n, price: `£${n}.50` })));
  const none = await inProcess(['job', 'items', 'abc', '--where', 'price>9000'], home);
  expect(none).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('None of 2,500 items matches.'),
  });
});

it('job items --broken shows the rows that break a rule, with their number and the rules', async ({
  home,
  workspace,
}) => {
  addRun({ workspace }, 'abc', { items: [{ price: 0 }, { price: 5 }] });
  const items = (...args: string[]) => inProcess(['job', 'items', 'abc', '--broken', ...args], home);
  expect(await items()).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('No row of this run breaks a rule of expect.fields.'),
  });
  const row = { _row: 1, _broken: ['price is below min 1'], price: 0 };
  writeFileSync(runFiles(workspace.paths, 'mine', 'abc').broken, `${JSON.stringify(row)}\n`);
  expect((await items()).stdout).toMatch(/_row +_broken +price\n1 +.*price is below min 1.* +0/);
  expect(JSON.parse((await items('--where', 'price<1', '--json')).stdout)).toMatchObject({ items: [row] });
});
