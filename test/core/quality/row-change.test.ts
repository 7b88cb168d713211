import { expect, it } from 'vitest';
import { toRowChange } from '../../../src/core/quality/row-change.ts';

const page = { link: 'https://shop.example/a', title: 'The Lantern', price: '£2' };

it('names a row by its key, or by its title where the key is an address', () => {
  const change = (key: unknown, item: object) =>
    toRowChange({ kind: 'added', key, after: { ...item } }, []).name;
  expect(change(17, page)).toBe('17');
  expect(change(['a', 'b'], page)).toBe('a, b');
  expect(change(page.link, page)).toBe('The Lantern');
  expect(change(page.link, { link: page.link, title: null })).toBe(page.link);
  expect(change(null, { first: 'x' })).toBe('x');
});

it('shows the fields that differ, or those of a new row without its key, cut and clean', () => {
  const after = { ...page, price: `\u001b[31m${'9'.repeat(500)}` };
  expect(
    toRowChange({ kind: 'changed', key: page.link, before: page, after, fields: ['price'] }, ['link']),
  ).toEqual({
    ...{ kind: 'changed', name: 'The Lantern', link: page.link },
    values: [{ field: 'price', before: '£2', after: expect.stringMatching(/^�\[31m9+…$/) }],
  });
  const { values } = toRowChange({ kind: 'removed', key: page.link, before: page }, ['link']);
  expect(values.map(({ field }) => field)).toEqual(['title', 'price']);
});
