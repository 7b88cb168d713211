import { expect, it } from 'vitest';
import { giveBackMemory } from '../../src/cli/give-back-memory.ts';

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
