import { expect, it } from 'vitest';
import { formatBytes } from '../../../src/core/lib/format-bytes.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 KB'],
  [2_500_000, '2.5 MB'],
])('%s bytes are %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});
