import { expect, it } from 'vitest';
import { parseItem } from '../../../src/core/runs/run-files.ts';

it('takes an object for an item, and nothing else', () => {
  expect(parseItem('{"name": "a", "tags": ["b"]}')).toEqual({ name: 'a', tags: ['b'] });
  for (const line of ['', 'name', '{"name": "a', '["a"]', '"a"', '1', 'null'])
    expect(parseItem(line)).toBeUndefined();
});

it('leaves out what another program has nested so deep that it could not be written again', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const item = parseItem(
    `{"name": "a", "deep": ${deep}, "far": ${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
  );
  expect(item).toMatchObject({ name: 'a' });
  const text = JSON.stringify(item);
  expect(text).toContain('…');
  expect(text.length).toBeLessThan(2_000);
});
