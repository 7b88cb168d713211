import { expect, it } from 'vitest';
import { findDataLists } from '../../../src/scrape/suggest/find-data-lists.ts';
import { findNextAddress } from '../../../src/scrape/suggest/find-data-pagination.ts';

it('the list with the most values comes first, with the paths of its fields', () => {
  const lists = findDataLists({
    facets: [{ name: 'a' }, { name: 'b' }],
    data: {
      items: [
        { id: 1, price: { value: 5, currency: 'GBP' }, tags: ['x'], 'list-price': null, parts: [{ a: 1 }] },
        { id: 2, price: { value: 6, currency: 'GBP' }, 'list-price': 7 },
        { id: 3 },
      ],
    },
  });
  expect(lists.map(({ path, rows }) => [path, rows.length])).toEqual([
    ['$.data.items[*]', 3],
    ['$.facets[*]', 2],
  ]);
  expect(lists[0]?.fields).toEqual([
    { name: 'id', path: '$.id', sample: '1' },
    { name: 'price', path: '$.price.value', sample: '5' },
    { name: 'price_currency', path: '$.price.currency', sample: 'GBP' },
    { name: 'tags', path: '$.tags', sample: '["x"]' },
    { name: 'list_price', path: '$["list-price"]', sample: '7' },
  ]);
});

it('an object of objects with the same names is a list by key', () => {
  const row = { title: 't', n: 1 };
  expect(findDataLists({ products: { a: row, b: row, c: row } }).map(({ path }) => path)).toEqual([
    '$.products.*',
  ]);
  expect(findDataLists({ settings: { a: row, b: { other: 1 }, c: row } })).toEqual([]);
  expect(findDataLists([1, 'x', null])).toEqual([]);
});

it.each([
  [{ next: '/api?page=2' }, '$.next'],
  [{ next: null, links: { next: { href: 'https://a.example/2' } } }, '$.links.next.href'],
  [{ paging: { next_url: '?p=2' } }, '$.paging.next_url'],
  [{ next: 'token' }, null],
  [[1], null],
])('the next page of %j is at %s', (data, path) => {
  expect(findNextAddress(data)).toBe(path);
});
