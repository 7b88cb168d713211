import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scrollIntoView } from '../../../src/tui/ui/scroll.ts';

it('keeps the selected row in sight, moves no further than it must, and shows no emptiness below', () => {
  const rows = fc.integer({ min: 1, max: 200 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      index: fc.integer({ min: 0, max: count - 1 }),
      top: fc.integer({ min: 0, max: 250 }),
      height: fc.integer({ min: 1, max: 60 }),
    }),
  );
  fc.assert(
    fc.property(rows, ({ count, index, top, height }) => {
      const first = scrollIntoView(index, top, height, count);
      expect(first).toBeLessThanOrEqual(index);
      expect(index).toBeLessThan(first + height);
      expect(first).toBeLessThanOrEqual(Math.max(0, count - height));
      expect(scrollIntoView(index, first, height, count)).toBe(first);
    }),
  );
});

it('leaves two rows below and above the selected one where there are more', () => {
  expect(scrollIntoView(9, 0, 10, 100)).toBe(2);
  expect(scrollIntoView(5, 10, 10, 100)).toBe(3);
  expect(scrollIntoView(99, 0, 10, 100)).toBe(90);
  expect(scrollIntoView(6, 0, 10, 100)).toBe(0);
});
