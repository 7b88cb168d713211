import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeHidden, describePlace, scrollIntoView, thumbOf } from '../../../src/tui/ui/scroll.ts';
import { makeTheme } from '../../../src/tui/ui/theme.ts';

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

it('has a thumb within its track, which is at an end only where the rows end', () => {
  const windows = fc.integer({ min: 1, max: 100 }).chain((height) =>
    fc.integer({ min: height + 1, max: 5000 }).chain((count) =>
      fc.record({
        height: fc.constant(height),
        count: fc.constant(count),
        top: fc.integer({ min: 0, max: count - height }),
      }),
    ),
  );
  fc.assert(
    fc.property(windows, fc.integer({ min: 4, max: 60 }), (window, cells) => {
      const thumb = thumbOf(window, cells);
      if (thumb === undefined) throw new TypeError('no thumb');
      expect(thumb.cells).toBeGreaterThan(0);
      expect(thumb.cells).toBeLessThan(cells);
      if (window.top === 0) expect(thumb.from).toBe(0);
      const end = thumb.from + thumb.cells;
      if (window.top === window.count - window.height) expect(end).toBe(cells);
      if (cells - thumb.cells < 2 || window.top === 0) return;
      expect(thumb.from).toBeGreaterThan(0);
      if (window.top < window.count - window.height) expect(end).toBeLessThan(cells);
    }),
  );
});

it('has no thumb where all rows are in sight', () => {
  expect(thumbOf({ top: 0, height: 10, count: 10 }, 10)).toBeUndefined();
  expect(thumbOf({ top: 0, height: 10, count: 20 }, 10)).toEqual({ from: 0, cells: 5 });
  expect(thumbOf({ top: 10, height: 10, count: 20 }, 10)).toEqual({ from: 5, cells: 5 });
});

it('says in words how many rows are out of sight, and for the title of a long list which one is selected', () => {
  const theme = makeTheme({ colors: true, unicode: true });
  expect(describeHidden({ top: 0, height: 10, count: 10 }, theme)).toBe('');
  expect(describeHidden({ top: 12, height: 10, count: 25 }, theme)).toBe('▲ 12 above ▼ 3 more');
  const heard = makeTheme({ colors: true, unicode: true, screenReader: true });
  expect(describeHidden({ top: 12, height: 10, count: 25 }, heard)).toBe('12 above, 3 more');
  expect(describePlace({ index: 2, count: 4000, height: 20 })).toBe(' 3/4,000');
  expect(describePlace({ index: 2, count: 20, height: 20 })).toBe('');
});
