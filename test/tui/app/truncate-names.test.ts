import { expect, it } from 'vitest';
import { truncateNames } from '../../../src/tui/app/dialogs.tsx';

const names = (count: number) => Array.from({ length: count }, (_, index) => `job-${index}`);

it('shows the first few names and how many more there are, never more lines than there is room', () => {
  expect(truncateNames(names(3))).toEqual(['job-0', 'job-1', 'job-2']);
  expect(truncateNames(names(8))).toHaveLength(8);
  expect(truncateNames(names(10_000)).at(-1)).toBe('and 9,993 more');
  expect(truncateNames(names(5), 2)).toEqual(['job-0', 'and 4 more']);
  expect(truncateNames(names(5), 0)).toEqual(['5 more']);
});
