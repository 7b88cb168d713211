import { getHeapSpaceStatistics } from 'node:v8';
import { expect, it } from 'vitest';
import { giveBackMemory, keepNewSpaceSmall } from '../../src/cli/give-back-memory.ts';

const MANY = 500_000;

it('what a large start has left over is collected at once', () => {
  let left: { index: number }[] = Array.from({ length: MANY }, (_, index) => ({ index }));
  const before = process.memoryUsage().heapUsed;
  expect(left).toHaveLength(MANY);
  left = [];
  giveBackMemory();
  // An object with a field of its own takes 16 bytes and more.
  expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(MANY * 16);
});

it('the space for new objects does not grow, however many of them live', () => {
  const newSpace = () =>
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? Number.NaN;
  keepNewSpaceSmall();
  const before = newSpace();
  const kept = Array.from({ length: MANY }, (_, index) => ({ index }));
  // What it has from the start, at most 4 MB, or what it had grown to before.
  expect(newSpace()).toBeLessThanOrEqual(Math.max(before, 4 * 1024 * 1024));
  expect(kept).toHaveLength(MANY);
});
