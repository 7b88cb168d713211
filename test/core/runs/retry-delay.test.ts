import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryDelayMs } from '../../../src/core/execution/retry-run.ts';

const DAY_S = 86_400;

it.each<['fixed' | 'exponential', number, number, number, number]>([
  // back-off, retry_delay, attempts made, random number, seconds
  ['fixed', 300, 1, 0, 300],
  ['fixed', 300, 7, 0.99, 300],
  ['fixed', 0, 3, 0.5, 0],
  ['fixed', 2 * DAY_S, 1, 0.5, 2 * DAY_S],
  ['exponential', 300, 1, 0, 150],
  ['exponential', 300, 1, 0.5, 225],
  ['exponential', 300, 1, 1, 300],
  ['exponential', 300, 2, 0, 300],
  ['exponential', 300, 2, 1, 600],
  ['exponential', 300, 3, 1, 1_200],
  ['exponential', 0, 9, 1, 0],
  ['exponential', 0, 10_000, 1, 0],
  ['exponential', 300, 10, 1, DAY_S],
  ['exponential', 300, 10_000, 0, DAY_S / 2],
  ['exponential', 2 * DAY_S, 5, 1, 2 * DAY_S],
])(
  'under %s, a delay of %d s, after %d attempts, with %d: %d s',
  (backoff, delay, attempt, random, seconds) => {
    expect(retryDelayMs({ retry_backoff: backoff, retry_delay: delay }, attempt, random)).toBe(
      seconds * 1_000,
    );
  },
);

it('is between half and all of the doubled wait with exponential, and at most a day', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3_600 }),
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (delay, attempt, random) => {
        const wait = retryDelayMs({ retry_backoff: 'exponential', retry_delay: delay }, attempt, random);
        const full = Math.min(delay * 2 ** (attempt - 1), DAY_S) * 1_000;
        expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(wait).toBeLessThanOrEqual(full);
      },
    ),
  );
});
