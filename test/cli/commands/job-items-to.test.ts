import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { addRun } from '../../core/operations/add-run.ts';
import { it } from '../../extend.ts';
import { inProcess } from '../in-process.ts';

const ITEMS = Array.from({ length: 100 }, (_, n) => ({ n, price: `£${n}.50`, isbn: n % 2 ? '' : 'x' }));

it('job items --to writes all items that match into a file', async ({ home, folder, workspace }) => {
  addRun({ workspace }, 'abc', { items: ITEMS });
  const file = join(folder, 'books.csv');
  const conditions = ['--where', 'price>=10', '--where', 'isbn!='];
  const query = [...conditions, '--sort=-n', '--fields', 'price,n'];
  const written = await inProcess(['job', 'items', 'ab', ...query, '--to', file], home);
  expect(written).toMatchObject({ code: 0, stdout: `Wrote 45 items (503 B) to ${file}\n`, stderr: '' });
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.slice(0, 3)).toEqual(['price,n', '£98.50,98', '£96.50,96']);
  expect(lines).toHaveLength(47);

  const again = await inProcess(['job', 'items', 'abc', '--to', file], home);
  expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining('Add --force to replace it') });
  expect(readFileSync(file, 'utf8').split('\n')).toEqual(lines);
  const forced = ['job', 'items', 'abc', '--limit', '3', '--to', file, '--force', '--json'];
  expect(JSON.parse((await inProcess(forced, home)).stdout)).toEqual({
    run_id: 'abc',
    file,
    format: 'csv',
    items: 3,
    bytes: 45,
    warnings: [],
  });
  expect(readFileSync(file, 'utf8')).toBe('n,price,isbn\n0,£0.50,x\n1,£1.50,\n2,£2.50,x\n');
  expect(readdirSync(folder)).toEqual(['books.csv']);
});

it('job items --to leaves damaged lines out, and warns of them', async ({ home, folder, workspace }) => {
  addRun({ workspace }, 'abc', { items: ITEMS });
  const { items } = runFiles(workspace.paths, 'mine', 'abc');
  const lines = readFileSync(items, 'utf8').split('\n');
  writeFileSync(items, [...lines.slice(0, 11), '{"n":11,"pr', ...lines.slice(11)].join('\n'));
  const file = join(folder, 'books.csv');
  for (const query of [[], ['--sort=-n']])
    expect(await inProcess(['job', 'items', 'abc', ...query, '--to', file, '--force'], home)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Wrote 100 items/),
      stderr: 'warning: 1 damaged line (12) is left out\n',
    });
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(102);
});

it('job items --to says what is wrong before anything is written', async ({ home, folder, workspace }) => {
  addRun({ workspace }, 'abc', { items: ITEMS });
  const fails = async (...args: string[]) => {
    const { code, stderr } = await inProcess(['job', 'items', 'abc', ...args], home);
    return `${code} ${stderr}`;
  };
  expect(await fails('--to', join(folder, 'books.txt'))).toMatch(
    /^2 .*names no format\n.*hint: End it in one/s,
  );
  expect(await fails('--to', join(folder, 'a.csv'), '--sort', 'prize')).toMatch(
    /^2 .*no item has the field "prize"/s,
  );
  expect(await fails('--force')).toMatch(/^2 .*Add --to FILE/s);
  writeFileSync(join(folder, 'plain'), '');
  expect(await fails('--to', join(folder, 'plain', 'a.csv'))).toMatch(/^2 .*is a file, not a folder/s);
  expect(readdirSync(folder)).toEqual(['plain']);
});
