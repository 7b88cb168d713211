import { expect, it } from 'vitest';
import { closestNames, countEdits, hintForName } from '../../../src/core/lib/closest-names.ts';

it('names what may have been meant, the nearest first', () => {
  const names = ['books', 'boots', 'book', 'news', 'books-daily'];
  expect(closestNames('bokos', names)).toEqual(['books', 'book', 'boots']);
  expect(closestNames('books-', names)).toContain('books-daily');
  expect(closestNames('quite-something-else', names)).toEqual([]);
});

it('counts two swapped letters as one edit', () => {
  expect(countEdits('titel', 'title')).toBe(1);
  expect(countEdits('tilte', 'title')).toBe(1);
  expect(countEdits('price', 'prcei')).toBe(2);
  expect(countEdits('ab', 'ba')).toBe(1);
  expect(countEdits('abc', 'abc')).toBe(0);
  expect(countEdits('a', 'b')).toBe(1);
});

it('does not compare a megabyte of text, which would take hours', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `job-number-${index}`);
  expect(closestNames('x'.repeat(1 << 20), names)).toEqual([]);
});

it('hints at the nearest names, otherwise at all that are allowed', () => {
  expect(hintForName('bokos', ['books', 'news'])).toBe('Did you mean books?');
  expect(hintForName('quite-something-else', ['books', 'news'])).toBe('Allowed: books, news');
});
