import { expect, it } from 'vitest';
import { hashRows } from '../../../src/scrape/pagination/pagination-context.ts';

const rows = (count: number, first = 0) => Array.from({ length: count }, (_, id) => ({ id: first + id }));

it('equal rows have equal hashes', () => {
  for (const count of [0, 1, 100, 101, 5_000]) expect(hashRows(rows(count))).toBe(hashRows(rows(count)));
});

it('other rows have other hashes, also of pages with many rows', () => {
  for (const count of [1, 100, 101, 5_000]) {
    expect(hashRows(rows(count))).not.toBe(hashRows(rows(count, 1)));
    expect(hashRows(rows(count))).not.toBe(hashRows(rows(count + 1)));
    expect(hashRows(rows(count))).not.toBe(hashRows([...rows(count - 1), { id: -1 }]));
  }
});
