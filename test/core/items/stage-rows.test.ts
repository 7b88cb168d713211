import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeLeftOut } from '../../../src/core/items/damaged-lines.ts';
import { parseItemFilter } from '../../../src/core/items/parse-item-filter.ts';
import { type RowSelection, stageRows } from '../../../src/core/items/stage-rows.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

async function staged(
  lines: readonly string[],
  selection: Partial<RowSelection>,
  onProgress?: (share: number) => void,
) {
  const folder = tempFolderInMemory();
  const [file, target] = [join(folder, 'items.jsonl'), join(folder, 'staged.jsonl')];
  writeFileSync(file, lines.join('\n'));
  const { count } = await stageRows(file, target, { terms: [], ...selection }, onProgress);
  const rows = readFileSync(target, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  expect(rows).toHaveLength(count);
  return rows;
}

const ROWS = [
  { title: 'Lantern', price: '£20.00' },
  { title: 'Attic', price: '£3.50', stock: 'none left' },
  { title: 'Zoo', price: null },
  { title: 'Attic', price: '£103.00' },
];
const LINES = ROWS.map((row) => JSON.stringify(row));

it('stages the rows that are shown, in their order, with the named fields in theirs', async () => {
  expect(await staged(LINES, {})).toEqual(ROWS);
  const order = [
    { field: 'title', descending: false },
    { field: 'price', descending: true },
  ];
  expect(await staged(LINES, { order, fields: ['price', 'stock', 'title'] })).toEqual([
    { price: '£103.00', stock: null, title: 'Attic' },
    { price: '£3.50', stock: 'none left', title: 'Attic' },
    { price: '£20.00', stock: null, title: 'Lantern' },
    { price: null, stock: null, title: 'Zoo' },
  ]);
  const [first] = await staged(LINES, { fields: ['price', 'title'] });
  expect(Object.keys(first as object)).toEqual(['price', 'title']);
  const { terms } = parseItemFilter('price>10', ['price']);
  expect(await staged(LINES, { terms })).toEqual([ROWS[0], ROWS[3]]);
  const where = [{ field: 'title', op: 'eq', value: 'Attic' } as const];
  expect(await staged(LINES, { terms, where })).toEqual([ROWS[3]]);
});

it('stages marked rows only, and the first of a selection only', async () => {
  expect(await staged(LINES, { rows: [2, 0] })).toEqual([ROWS[0], ROWS[2]]);
  const order = [{ field: 'price', descending: true }];
  expect(await staged(LINES, { rows: [0, 3, 2], order, limit: 2 })).toEqual([ROWS[3], ROWS[0]]);
});

it('a line that a run is still writing is no row', async () => {
  expect(await staged([...LINES, '{"title":"ha'], {})).toEqual(ROWS);
});

it('lines that are no items are left out and named, and count for no limit', async () => {
  const folder = tempFolderInMemory();
  const file = join(folder, 'items.jsonl');
  writeFileSync(file, ['{"title":', ...LINES.slice(0, 2), '[1]', ...LINES.slice(2), ''].join('\n'));
  const damaged = { count: 2, rows: [0, 3] };
  const stage = (name: string, selection: Partial<RowSelection>) =>
    stageRows(file, join(folder, name), { terms: [], ...selection });
  expect(await stage('all', {})).toEqual({ count: 4, damaged });
  expect(await stage('sorted', { order: [{ field: 'title', descending: false }] })).toEqual({
    count: 4,
    damaged,
  });
  // Without a value is what an item is, not a line that is none.
  const { terms } = parseItemFilter('price:none', ['price']);
  expect(await stage('some', { terms })).toEqual({ count: 1, damaged });
  expect(await stage('first', { limit: 1 })).toEqual({ count: 1, damaged: { count: 1, rows: [0] } });
  expect(describeLeftOut(damaged)).toBe('2 damaged lines (1, 4) are left out');
  expect(describeLeftOut({ count: 1, rows: [11] })).toBe('1 damaged line (12) is left out');
  expect(describeLeftOut({ count: 5, rows: [0, 1, 2, 3, 4] })).toBe(
    '5 damaged lines (1, 2, 3, …) are left out',
  );
});

it('a run without a file has no rows', async () => {
  const folder = tempFolderInMemory();
  const target = join(folder, 'staged.jsonl');
  expect(await stageRows(join(folder, 'nothing.jsonl'), target, { terms: [] })).toMatchObject({ count: 0 });
  expect(readFileSync(target, 'utf8')).toBe('');
});

it('many rows are staged whole, and the progress only grows', async () => {
  const many = Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'äöü'.repeat(n % 50) }));
  const shares: number[] = [];
  const lines = many.map((row) => JSON.stringify(row));
  const order = [{ field: 'n', descending: true }];
  expect(await staged(lines, { order }, (share) => shares.push(share))).toEqual(many.toReversed());
  expect(shares.length).toBeGreaterThan(2);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
});
