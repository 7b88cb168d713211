import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from '../../../../src/core/lib/display-width.ts';
import { guessKeyField } from '../../../../src/core/quality/comparison-key.ts';
import {
  cellText,
  fitChange,
  formatChangedCell,
  formatItemValue,
  ITEM_COLUMN_GAP,
  itemColumnsOf,
  lastScrollColumn,
  rowText,
  visibleColumnsFrom,
} from '../../../../src/tui/features/items/item-columns.ts';
import { ItemReader } from '../../../../src/tui/features/items/item-reader.ts';
import { itemAt } from '../../../../src/tui/features/items/item-table.ts';
import { EMPTY_ITEMS, type ItemsEvent, type ItemsView } from '../../../../src/tui/features/items/model.ts';
import { itemColumns, itemsTop, reduceItems } from '../../../../src/tui/features/items/reducer.ts';

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
  // The longest text is narrowed, and the short ones beside it are whole.
  expect(rowText(item, visibleColumnsFrom(itemColumnsOf([item]), 0, 48))).toMatch(
    /^x{20,}… {2}\S.*\[1,"a"\]$/,
  );
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

it('addresses are cut in front of what differs, and other values at their end', () => {
  const cells = (urls: unknown[], width: number) => {
    const [column] = itemColumnsOf(urls.map((link) => ({ link })));
    if (column === undefined) throw new Error('no column');
    return urls.map((url) => cellText(url, { ...column, cells: width }).trim());
  };
  const urls = ['a-light', 'the-pocket-book'].map((name) => `http://shop.example/books/${name}`);
  expect(cells(urls, 18)).toEqual(['…/a-light', '…/the-pocket-book']);
  expect(cells(urls, 12)).toEqual(['…/a-light', '…/the-pocke…']);
  expect(cells(urls, 60)).toEqual(urls);
  // An address that ends where the others go on, one without a value, and one of another host.
  expect(cells([...urls, 'http://shop.example/', null], 18)).toEqual([
    '…/books/a-light',
    '…/books/the-pocke…',
    '…/shop.example/',
    '',
  ]);
  expect(cells(['https://one.example/a', 'https://two.example/a'], 18)).toEqual([
    '…/one.example/a',
    '…/two.example/a',
  ]);
  // Nothing differs in a single one.
  expect(cells(['http://shop.example/books/a-light_3/index.html'], 27)).toEqual(['…/a-light_3/index.html']);
  expect(cells(['see http://shop.example/books/a', urls[0]], 18)[1]).toBe('http://shop.examp…');
});

it('an old and a new value share a narrow cell, cut in front of what differs', () => {
  const change = (before: unknown, after: unknown) =>
    ({ kind: 'changed', item: { a: after }, before: { a: before } }) as const;
  const fitted = (before: unknown, after: unknown, cells: number) =>
    fitChange(change(before, after), { field: 'a', cells, align: 'left' }).trim();
  expect(fitted(1, 22, 20)).toBe('1 → 22');
  expect(fitted(null, 22, 20)).toBe('- → 22');
  expect(fitted('A light in the attic, first', 'A light in the attic, second', 20)).toBe('…first → …second');
  expect(fitted('abcdefghijkl', 'xyz', 12)).toBe('abcde… → xyz');
  expect(formatChangedCell(change('a', 'b'), 'a')).toEqual({ text: 'a → b', changed: true });
});
