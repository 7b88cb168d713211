import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from '../../../src/core/lib/display-width.ts';
import { progressBar, progressShare, type SparklineValue, sparkline } from '../../../src/tui/ui/bars.ts';
import {
  formatProgress,
  type ProgressSample,
  runSpeed,
  withSample,
} from '../../../src/tui/ui/run-progress.ts';
import { asAscii } from '../../../src/tui/ui/text/ascii.ts';

function lineOf(values: readonly SparklineValue[], columns: number): string {
  return sparkline(values, columns)
    .map(({ text }) => text)
    .join('');
}

it('draws the last values as bars from the smallest, the lowest bar, to the largest, a full one', () => {
  expect(lineOf([9, 0, 1, 2, 4, null, 8], 6)).toBe('▁▂▃▅ █');
  expect(lineOf([994, 1000, 997], 9)).toBe('▁█▅');
  expect(asAscii(lineOf([1, 2, 4], 9))).toBe('_:#');
  expect(lineOf([7, 7], 5)).toBe('▁▁');
  expect(lineOf([], 5)).toBe('');
});

it('marks failures in red, and leaves them out of the scale', () => {
  expect(sparkline([900, 'failed', 918, 900], 9)).toEqual([
    { text: '▁', style: 'accent' },
    { text: '✗', style: 'bad' },
    { text: '█▁', style: 'accent' },
  ]);
  expect(lineOf(['failed', 'failed'], 1)).toBe('✗');
});

it('a larger value never has a lower bar, and each value has one cell', () => {
  const values = fc.array(fc.oneof(fc.float({ min: 0, max: 1e9, noNaN: true }), fc.constant(null)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 40 }), (numbers, columns) => {
      const line = [...lineOf(numbers, columns)];
      const shown = numbers.slice(-columns);
      expect(line).toHaveLength(shown.length);
      for (const [one, a] of shown.entries())
        for (const [other, b] of shown.entries())
          if (a !== null && b !== null && a >= b) expect((line[one] ?? '') >= (line[other] ?? '')).toBe(true);
    }),
  );
});

it('a bar fills exactly its cells', () => {
  expect(asAscii(progressBar(0.5, 4))).toBe('##..');
  expect(progressBar(0.5, 3)).toBe('█▌░');
  expect([progressBar(-1, 3), progressBar(1e300, 3)]).toEqual(['░░░', '███']);
  fc.assert(
    fc.property(
      fc.float({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 50 }),
      (share, columns) => {
        expect(displayWidth(progressBar(share, columns))).toBe(columns);
      },
    ),
  );
});

const sample = (seconds: number, pages: number, totalPages: number | null = 100): ProgressSample => ({
  at: seconds * 1000,
  pages,
  items: pages * 20,
  totalPages,
});

it('computes a run’s rate and its remaining time', () => {
  const samples = [sample(0, 0), sample(1, 1), sample(10, 10)].reduce(
    withSample,
    [] as readonly ProgressSample[],
  );
  const speed = runSpeed(samples, 10_000);
  expect(speed).toEqual({ pagesPerMinute: 60, itemsPerMinute: 1200, left: 90_000 });
  expect(formatProgress(sample(10, 10), speed)).toBe(
    '10 of 100 pages, 200 items · 60 pages/min · 1m 30s left',
  );
  expect(runSpeed(samples, 20_000).left).toBe(180_000);
  expect(runSpeed([sample(0, 5)], 100).left).toBeNull();
  expect(formatProgress(sample(0, 1, null), runSpeed([], 0))).toBe('1 page, 20 items');
  expect(runSpeed([sample(0, 5, null), sample(5, 9, null)], 5000).left).toBeNull();
});

it('the speed is that of the last while, and a new attempt begins anew', () => {
  const slow = Array.from({ length: 200 }, (_, n) => sample(n, n < 100 ? n : 100 + (n - 100) * 2, 1000));
  const samples = slow.reduce(withSample, [] as readonly ProgressSample[]);
  expect(runSpeed(samples, 199_000).pagesPerMinute).toBe(120);
  expect(samples.length).toBeLessThan(30);
  expect(withSample(samples, sample(201, 1))).toHaveLength(1);
});

it('the pages of an attempt that is continued do not count as the speed of the next one', () => {
  const again = (seconds: number, pages: number) => ({ ...sample(seconds, pages, 100_000), attempt: 2 });
  const samples = [
    sample(0, 0),
    sample(9, 50_000),
    again(60, 0),
    again(61, 50_000),
    again(71, 50_100),
  ].reduce(withSample, [] as readonly ProgressSample[]);
  expect(runSpeed(samples, 71_000)).toMatchObject({ pagesPerMinute: 600, left: 4_990_000 });
  // A dashboard that opens meanwhile.
  expect(runSpeed(withSample([], again(80, 50_200)), 90_000)).toMatchObject({
    pagesPerMinute: 0,
    left: null,
  });
});

it('a run never goes backwards or ends in the past', () => {
  const steps = fc.array(fc.tuple(fc.nat(3000), fc.nat(10)), { maxLength: 50 });
  fc.assert(
    fc.property(steps, fc.nat(10_000), (deltas, later) => {
      let at = 0;
      let pages = 0;
      let samples: readonly ProgressSample[] = [];
      for (const [time, more] of deltas) {
        at += time;
        pages += more;
        samples = withSample(samples, { at, pages, items: pages, totalPages: 200 });
      }
      const { left, pagesPerMinute } = runSpeed(samples, at + later);
      expect(pagesPerMinute ?? 0).toBeGreaterThanOrEqual(0);
      expect(left ?? 0).toBeGreaterThanOrEqual(0);
      expect(progressShare({ pages, totalPages: 200 })).toBeLessThanOrEqual(1);
    }),
  );
});
