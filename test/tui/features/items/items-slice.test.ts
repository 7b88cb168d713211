import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from '../../../../src/core/lib/display-width.ts';
import { guessKeyField } from '../../../../src/core/quality/comparison-key.ts';
import {
  formatChangedCell,
  formatItemValue,
  ITEM_COLUMN_GAP,
  itemColumnsOf,
  lastScrollColumn,
  rowText,
  toItemChanges,
  visibleColumnsFrom,
} from '../../../../src/tui/features/items/item-columns.ts';
import { ItemReader } from '../../../../src/tui/features/items/item-reader.ts';
import {
  EMPTY_ITEMS,
  type ItemsEvent,
  type ItemsRequest,
  type ItemsView,
} from '../../../../src/tui/features/items/model.ts';
import { itemAt, itemColumns, itemsTop, reduceItems } from '../../../../src/tui/features/items/reducer.ts';

import { tempFolderInMemory } from '../../../temp-folder.ts';
import { itemPage } from '../../item-page.ts';

const BOOKS = [
  { title: 'A Light in the Attic', price: 51.77, url: '/a' },
  { title: '価格の本', price: 5, url: '/b', stock: null },
];

it('has a column for each field, as wide as its values, numbers at the right', () => {
  const columns = itemColumnsOf(BOOKS);
  expect(columns.map(({ field, cells, align }) => [field, cells, align])).toEqual([
    ['title', 20, 'left'],
    ['price', 5, 'right'],
    ['url', 3, 'left'],
    ['stock', 5, 'right'],
  ]);
  const shown = visibleColumnsFrom(columns, 0, 80);
  expect(rowText(BOOKS[1] ?? {}, shown)).toBe('価格の本                  5  /b        ');
  expect(itemColumnsOf(BOOKS, columns)).toBe(columns);
  const wider = itemColumnsOf([{ url: '/much/longer', isbn: 'x' }], columns);
  expect(wider.map(({ field, cells }) => [field, cells])).toEqual([
    ['title', 20],
    ['price', 5],
    ['url', 12],
    ['stock', 5],
    ['isbn', 4],
  ]);
});

it('cuts long values, and no value can control the terminal', () => {
  const item = { text: 'x'.repeat(99), evil: '\x1b[2J\nnext', list: [1, 'a'] };
  const widthOfText = (width: number) => visibleColumnsFrom(itemColumnsOf([item]), 0, width)[0]?.cells;
  // Where the other columns need the room, and where they leave some.
  expect([60, 80, 200].map(widthOfText)).toEqual([40, 60, 99]);
  expect(rowText(item, visibleColumnsFrom(itemColumnsOf([item]), 0, 40))).toBe(`${'x'.repeat(39)}…`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  expect(formatItemValue(item.evil)).not.toMatch(/[\x00-\x1f]/);
  expect(formatItemValue(item.list)).toBe('[1,"a"]');
  expect(formatItemValue(null)).toBe('');
});

it('a row fits the width for any items, and the last column can be reached', () => {
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('価格', '👩‍👩‍👧', null, 1.5, true),
    fc.array(fc.integer()),
  );
  const item = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), value, {
    maxKeys: 8,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fc.array(item, { minLength: 1 }), fc.integer({ min: 5, max: 120 }), (items, width) => {
      const columns = itemColumnsOf(items);
      const furthest = lastScrollColumn(columns, width);
      for (let first = 0; first <= furthest; first += 1) {
        const shown = visibleColumnsFrom(columns, first, width);
        for (const each of items)
          expect(displayWidth(rowText(each, shown))).toBe(
            shown.reduce((sum, { cells }) => sum + cells + ITEM_COLUMN_GAP, -ITEM_COLUMN_GAP) +
              (shown.length === 0 ? ITEM_COLUMN_GAP : 0),
          );
        expect(
          shown.reduce((sum, { cells }) => sum + cells + ITEM_COLUMN_GAP, -ITEM_COLUMN_GAP),
        ).toBeLessThanOrEqual(width);
        const used = shown.reduce((sum, { cells }) => sum + cells + ITEM_COLUMN_GAP, -ITEM_COLUMN_GAP);
        // No value is cut beside blanks.
        if (used < width && shown.at(-1)?.index === columns.length - 1)
          expect(shown.filter(({ cells, wanted }) => cells < wanted)).toEqual([]);
      }
      expect(visibleColumnsFrom(columns, furthest, width).at(-1)?.field).toBe(columns.at(-1)?.field);
    }),
  );
});

it('a key is a field that all items have and no two share, the likeliest by its name', () => {
  expect(guessKeyField(BOOKS)).toBe('url');
  expect(
    guessKeyField([
      { sku: 1, url: 'a' },
      { sku: 2, url: 'b' },
    ]),
  ).toBe('sku');
  expect(guessKeyField([{ name: 'x' }, { name: 'x' }])).toBeUndefined();
  expect(guessKeyField([{ price: 1 }, { price: 2 }])).toBeUndefined();
});

it('lists added and removed items, and changed ones with both values', () => {
  const changes = toItemChanges({
    run_id: 'b',
    with_run_id: 'a',
    key: 'url',
    key_from: 'items',
    rules: [],
    added: 1,
    removed: 1,
    changed: 1,
    unchanged: 7,
    by_field: {},
    examples: [
      {
        kind: 'changed',
        key: '/a',
        before: { url: '/a', price: 1 },
        after: { url: '/a', price: 2 },
        fields: ['price'],
      },
      { kind: 'added', key: '/n', after: { url: '/n' } },
      { kind: 'removed', key: '/o', before: { url: '/o' } },
    ],
  });
  const texts = changes.rows.map((row) => [
    row.kind,
    formatChangedCell(row, 'url').text,
    formatChangedCell(row, 'price').text,
  ]);
  expect(texts).toEqual([
    ['changed', '/a', '1 → 2'],
    ['added', '/n', ''],
    ['removed', '/o', ''],
  ]);
  expect(changes.next).toBeUndefined();
});

const VIEW: ItemsView = { columns: 40, rows: 10 };

it('goes through a run of many items, of which a few are held, and asks for those that are not', async () => {
  const file = join(tempFolderInMemory(), 'items.jsonl');
  const lines = Array.from({ length: 5_000 }, (_, n) => JSON.stringify({ n, title: `book ${n}` }));
  writeFileSync(file, `${lines.join('\n')}\n{"cut`);
  const reader = new ItemReader(file);
  let slice = EMPTY_ITEMS;
  const send = async (event: ItemsEvent) => {
    const step = reduceItems(slice, VIEW, event);
    slice = step.slice;
    for (const wish of step.requests)
      if (wish.kind === 'page') await send({ kind: 'page', page: await reader.read(wish) });
  };
  await send({
    kind: 'page',
    page: await reader.read({ first: 0, count: 500, query: { terms: [] }, asks: 0 }),
  });
  expect(slice.total).toBe(5_000);
  for (const event of [
    { kind: 'row', by: 100_000 },
    { kind: 'row', by: -700 },
    { kind: 'row', by: 3 },
  ] as const) {
    await send(event);
    for (let row = itemsTop(slice, VIEW); row < itemsTop(slice, VIEW) + 10; row += 1)
      expect(itemAt(slice, row)).toMatchObject({ n: row });
  }
  expect(slice.row).toBe(4_302);
  expect(slice.items.length).toBe(500);
  await reader.close();
  expect(itemColumns(slice, VIEW).map(({ field }) => field)).toEqual(['n', 'title']);
});

it('a run without a file has no items', async () => {
  const reader = new ItemReader(join(tempFolderInMemory(), 'none'));
  expect(await reader.read({ first: 0, count: 10, query: { terms: [] }, asks: 3 })).toEqual(
    itemPage([], { asks: 3 }),
  );
  await reader.close();
});

it('asks for the changes once', () => {
  const { slice } = reduceItems(EMPTY_ITEMS, VIEW, {
    kind: 'page',
    page: itemPage(BOOKS),
  });
  const there = reduceItems(slice, VIEW, { kind: 'mode' });
  expect(there.requests).toEqual<ItemsRequest[]>([{ kind: 'changes', query: {} }]);
  const changes = {
    runId: 'b',
    withRunId: 'a',
    key: 'url',
    rules: [],
    counts: { added: 0, removed: 0, changed: 0, unchanged: 2 },
    rows: [],
    next: undefined,
  };
  const told = reduceItems(there.slice, VIEW, { kind: 'changes', changes });
  const again = reduceItems(reduceItems(told.slice, VIEW, { kind: 'mode' }).slice, VIEW, { kind: 'mode' });
  expect(again.requests).toEqual([]);
});
