import { expect, it } from 'vitest';
import { formatDifferences, hasDifferences, readDifferences } from '../../../src/core/model/differences.ts';
import { guessKeyField } from '../../../src/core/quality/comparison-key.ts';

const NONE = { with_run_id: 'last', key: 'link', added: 0, removed: 0, changed: 0, unchanged: 7 };

it('counts come back from the database unchanged; invalid ones are left out', () => {
  expect(readDifferences(JSON.stringify(NONE))).toEqual(NONE);
  expect(readDifferences(JSON.stringify({ ...NONE, key: null }))).toEqual({ ...NONE, key: null });
  for (const text of [null, 'null', '', '{"with', '{}', '[1]', JSON.stringify({ ...NONE, added: '1' })])
    expect(readDifferences(text)).toBeNull();
});

it('in words: only what there is of', () => {
  expect(formatDifferences({ ...NONE, added: 3, changed: 1200 })).toBe('3 added, 1,200 changed');
  expect(formatDifferences(NONE)).toBe('');
  expect([null, NONE, { ...NONE, removed: 1 }].map(hasDifferences)).toEqual([false, false, true]);
});

it('a field whose name suggests a key is preferred to one that is merely unique', () => {
  expect(
    guessKeyField([
      { title: 'a', link: '/1' },
      { title: 'b', link: '/2' },
    ]),
  ).toBe('link');
  expect(
    guessKeyField([
      { title: 'a', link: '/1' },
      { title: 'b', link: '/1' },
    ]),
  ).toBe('title');
  expect(guessKeyField([{ title: 'a' }, { title: null }])).toBeUndefined();
});
