import { expect, it } from 'vitest';
import { digestText, ItemHashIndex } from '../../../src/core/runs/item-hash-index.ts';

const place = (row: number) => ({ offset: row * 10, length: 9 });

it('hands out the rows of a key in their order, each once', () => {
  const index = new ItemHashIndex();
  for (const [row, key] of ['a', 'b', 'a', 'a'].entries())
    index.add(digestText(key), digestText(`${row}`), place(row));
  const taken = [index.take(digestText('a')), index.take(digestText('a'))];
  expect(taken).toEqual([0, 2]);
  expect(index.valueOf(2)).toEqual(digestText('2'));
  expect(index.rangeOf(2)).toEqual({ offset: 20, length: 9 });
  expect(index.untaken(9)).toEqual([1, 3]);
  expect(index.untaken(1)).toEqual([1]);
  expect([index.take(digestText('a')), index.take(digestText('a')), index.take(digestText('c'))]).toEqual([
    3,
    undefined,
    undefined,
  ]);
});

it('keeps keys apart that begin alike, also as it grows', () => {
  const index = new ItemHashIndex();
  // Their first words are what places are chosen by: seven of them for thousands of keys.
  const alike = (row: number) => Uint32Array.of(row % 7, 0, 0, row);
  const count = 5_000;
  for (let row = 0; row < count; row++) index.add(alike(row), alike(row), place(row));
  for (let row = 0; row < count; row += 2) expect(index.take(alike(row))).toBe(row);
  expect(index.take(alike(0))).toBeUndefined();
  expect(index.take(Uint32Array.of(3, 0, 0, count))).toBeUndefined();
  expect(index.untaken(count)).toHaveLength(count / 2);
  expect(index.size).toBe(count);
});
