import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dividePeriod } from '../../../../src/core/diagnostics/report/divide-period.ts';

const HOUR = 3_600_000;

it.each([
  [1, 24, 1],
  [7, 28, 6],
  [30, 30, 24],
  [366, 25, 360],
])('divides %i days into %i steps of %i hours', (days, steps, hours) => {
  expect(dividePeriod(1_000_000_000_000, days)).toEqual({
    from: 1_000_000_000_000 - days * 24 * HOUR,
    until: 1_000_000_000_000,
    step: hours * HOUR,
    steps,
  });
});

it('covers each period with at most 31 steps, none of which is superfluous', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 366 }), (days) => {
      const { from, until, step, steps } = dividePeriod(Date.UTC(2026, 10, 30), days);
      expect(steps).toBeLessThanOrEqual(31);
      expect(from + steps * step).toBeGreaterThanOrEqual(until);
      expect(from + (steps - 1) * step).toBeLessThan(until);
    }),
  );
});
