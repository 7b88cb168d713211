import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EVERY_CHANGE } from '../../../src/core/model/change-rules.ts';
import { compareItems } from '../../../src/core/quality/compare-items.ts';
import { countedChanges } from '../../../src/core/quality/counted-changes.ts';
import { joinItems } from '../../../src/core/quality/join-items.ts';
import { ItemFile } from '../../../src/core/runs/item-file.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

type Row = Record<string, unknown>;

async function sourceOf(rows: readonly Row[]): Promise<ItemFile> {
  const file = join(tempFolderInMemory(), 'items.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const opened = await ItemFile.open(file);
  if (opened === undefined) throw new Error('no file');
  return opened;
}

async function joined(were: readonly Row[], are: readonly Row[], rules = EVERY_CHANGE, key = ['id']) {
  const [before, after] = [await sourceOf(were), await sourceOf(are)];
  const file = join(tempFolderInMemory(), 'joined.jsonl');
  const counted = countedChanges(rules, key, []);
  try {
    const compared = await compareItems(before, after, { key, counted, limit: 0 });
    const found = await joinItems(before, after, file, {
      ...{ key, counted, signal: undefined, onProgress: () => undefined },
    });
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return { found, compared, rows: lines.map((line) => JSON.parse(line) as Row) };
  } finally {
    await Promise.all([before.close(), after.close()]);
  }
}

it('has a row for each item of both runs, with both values where they differ', async () => {
  const { rows, found } = await joined(
    [
      { id: 1, price: '£51.77', title: 'Attic' },
      { id: 2, price: 5, title: 'Same' },
      { id: 3, price: 7, title: 'Gone' },
      { id: 4, price: 8, title: 'Untitled' },
    ],
    [
      { id: 9, price: 1, title: 'New' },
      { id: 4, price: 8, title: 'Titled', stock: 3 },
      { id: 2, price: 5, title: 'Same' },
      { id: 1, price: '£49.99', title: 'Attic' },
    ],
  );
  expect(rows).toEqual([
    { change: 'added', id: 9, price: 1, title: 'New' },
    {
      change: 'changed',
      ...{ id: 4, price: 8, title: 'Titled', stock: 3 },
      ...{ 'before.title': 'Untitled', 'before.stock': null },
    },
    { change: 'same', id: 2, price: 5, title: 'Same' },
    {
      change: 'changed',
      ...{ id: 1, price: '£49.99', title: 'Attic', 'before.price': '£51.77', 'change.price': -1.78 },
    },
    { change: 'removed', id: 3, price: 7, title: 'Gone' },
  ]);
  expect(found.counts).toEqual({ added: 1, removed: 1, changed: 2, unchanged: 1 });
  expect([found.differing, found.numeric]).toEqual([['title', 'stock', 'price'], ['price']]);
});

it('items with fields of these names keep them', async () => {
  const { rows, found } = await joined(
    [{ id: 1, change: 'x', 'before.id': 2 }],
    [{ id: 1, change: 'y', 'before.id': 2 }],
  );
  expect(found.names).toEqual({ kind: 'change_', before: 'before_.', change: 'change_.' });
  expect(rows).toEqual([{ change_: 'changed', id: 1, change: 'y', 'before.id': 2, 'before_.change': 'x' }]);
});

it('what the configuration does not count is neither added, removed nor changed', async () => {
  const rules = { ...EVERY_CHANGE, only: ['changed' as const], ignore: ['seen'] };
  const { rows, found } = await joined(
    [
      { id: 1, seen: 1 },
      { id: 2, seen: 1 },
    ],
    [
      { id: 1, seen: 2 },
      { id: 3, seen: 2 },
    ],
    rules,
  );
  expect(rows.map(({ id, change }) => [id, change])).toEqual([
    [1, 'same'],
    [3, 'ignored'],
    [2, 'ignored'],
  ]);
  expect(found.counts).toEqual({ added: 0, removed: 0, changed: 0, unchanged: 1 });
});

it('the rows of each kind are as many as a comparison counts', async () => {
  const row = fc.record({ id: fc.integer({ min: 0, max: 6 }), price: fc.integer({ min: 0, max: 2 }) });
  const rows = fc.array(row, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(rows, rows, async (were, are) => {
      const { compared, found, rows: written } = await joined(were, are);
      const count = (kind: string) => written.filter(({ change }) => change === kind).length;
      const { added, removed, changed, unchanged } = compared;
      expect(found.counts).toEqual({ added, removed, changed, unchanged });
      expect([count('added'), count('removed'), count('changed'), count('same')]).toEqual([
        ...[added, removed, changed, unchanged],
      ]);
    }),
    { numRuns: 40 },
  );
});
