import { expect, it } from 'vitest';
import { formatDuration } from '../../../src/core/lib/format-duration.ts';

it.each([
  [0, '0 ms'],
  [240, '240 ms'],
  [1000, '1 s'],
  [1234, '1.2 s'],
  [59_940, '59.9 s'],
  [59_990, '1 min'],
  [200_000, '3 min 20 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [352_800_000, '4 d 2 h'],
  [null, '-'],
])('a duration of %s ms is %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});
