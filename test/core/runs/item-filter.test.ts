import { expect, it } from 'vitest';
import { itemFilter } from '../../../src/core/runs/item-filter.ts';

it.each([
  ['Große Straße', 'STRASSE'],
  ['ΟΔΟΣ', 'οδος'],
  ['cafe\u0301', 'CAFÉ'],
])('contains ignores case in every script, as the filter of jobs does: %s has %s', (name, value) => {
  expect(itemFilter([{ field: 'name', op: 'contains', value }])({ name })).toBe(true);
  expect(itemFilter([{ field: 'name', op: 'contains', value: 'nowhere' }])({ name })).toBe(false);
});
