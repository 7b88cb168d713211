import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stepCurve } from '../../../src/tui/ui/step-curve.ts';

const point = (at: number, value: number | null) => ({ at, value });

it('draws a value until the next one, and a change as a vertical line', () => {
  const points = [point(0, 20), point(3, 10), point(6, 15)];
  expect(stepCurve(points, { columns: 10, rows: 3, from: 0, until: 9 })).toEqual([
    '───┐      ',
    '   │  ┌───',
    '   └──┘   ',
  ]);
});

it('is empty where there was no value', () => {
  const points = [point(0, 1), point(2, null), point(4, 2)];
  expect(stepCurve(points, { columns: 6, rows: 2, from: 0, until: 5 })).toEqual(['    ──', '───   ']);
});

it('draws changes that one column cannot separate', () => {
  const points = [point(0, 1), point(11, 9), point(12, 1)];
  expect(stepCurve(points, { columns: 3, rows: 2, from: 0, until: 20 })).toEqual(['  │', '──┴']);
});

it('draws a single value as a line', () => {
  expect(stepCurve([point(0, 5)], { columns: 4, rows: 1, from: 0, until: 9 })).toEqual(['────']);
});

it('fills the area exactly, for any values', () => {
  const values = fc.array(fc.record({ at: fc.nat(1_000), value: fc.option(fc.double({ noNaN: true })) }));
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 12 }),
      (all, columns, rows) => {
        const points = all.toSorted((a, b) => a.at - b.at);
        const lines = stepCurve(points, { columns, rows, from: 0, until: 1_000 });
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect([...line]).toHaveLength(columns);
      },
    ),
  );
});
