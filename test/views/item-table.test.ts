import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ItemTable, nextSort, readTable } from '../../src/views/item-table.ts';

const LISTED = {
  summary: '2 of 3 items',
  items: [
    { title: 'A', price: 1 },
    { title: 'B', url: 'https://b.example' },
  ],
  total: 3,
  next_cursor: 'c',
};

it('takes the columns of all items in the order in which they first come', () => {
  expect(readTable(LISTED)).toMatchObject({
    tool: 'list_items',
    columns: ['title', 'price', 'url'],
    total: 3,
    nextCursor: 'c',
  });
});

it('adds the next page below the rows that are shown', () => {
  const { rows, columns, nextCursor } = readTable(
    { items: [{ title: 'C', stock: 0 }], total: 3 },
    readTable(LISTED),
  );
  expect(rows.map(({ cells }) => cells['title']?.value)).toEqual(['A', 'B', 'C']);
  expect(columns).toEqual(['title', 'price', 'url', 'stock']);
  expect(nextCursor).toBeUndefined();
});

it('shows the value before and after where a run changed it, and nowhere else', () => {
  const { tool, rows, total } = readTable({
    added: 1,
    removed: 1,
    changed: 1,
    unchanged: 7,
    examples: [
      {
        kind: 'changed',
        key: 'a',
        before: { id: 'a', price: 1 },
        after: { id: 'a', price: 2 },
        fields: ['price'],
      },
      { kind: 'added', key: 'b', after: { id: 'b' } },
      { kind: 'removed', key: 'c', before: { id: 'c' } },
    ],
  });
  expect([tool, total]).toEqual(['compare_runs', 3]);
  expect(rows).toEqual([
    { kind: 'changed', cells: { id: { value: 'a' }, price: { value: 2, before: 1 } } },
    { kind: 'added', cells: { id: { value: 'b' } } },
    { kind: 'removed', cells: { id: { value: 'c' } } },
  ]);
});

it('reads any answer without an exception', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('items', 'examples', 'total', 'added', 'x'), fc.anything()),
      (answer) => {
        const { rows, columns }: ItemTable = readTable(answer);
        for (const { cells } of rows) expect(columns).toEqual(expect.arrayContaining(Object.keys(cells)));
      },
    ),
  );
});

it('orders by a column upwards, then downwards, then as scraped', () => {
  expect(nextSort(undefined, 'price')).toBe('price');
  expect(nextSort('price', 'price')).toBe('-price');
  expect(nextSort('-price', 'price')).toBeUndefined();
  expect(nextSort('title', 'price')).toBe('price');
});
