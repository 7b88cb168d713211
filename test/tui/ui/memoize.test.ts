import { expect, it } from 'vitest';
import { memoize } from '../../../src/tui/ui/memoize.ts';

it('computes each object’s value once, also when it is undefined', () => {
  const asked: object[] = [];
  const sizeOf = memoize((rows: readonly string[]) => {
    asked.push(rows);
    return rows.length === 0 ? undefined : rows.length;
  });
  const [some, none] = [['a', 'b'], []];
  expect([sizeOf(some), sizeOf(some), sizeOf(none), sizeOf(none), sizeOf(['a', 'b'])]).toEqual([
    ...[2, 2, undefined, undefined, 2],
  ]);
  expect(asked).toEqual([some, none, ['a', 'b']]);
});
