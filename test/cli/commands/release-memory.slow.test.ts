import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { releaseMemory } from '../../../src/cli/commands/run-in-foreground.ts';
import { bundleFixture } from '../../fixtures/bundle-fixture.ts';

const MANY = 500_000;

it('what a large start has left over is collected at once', () => {
  let left: { index: number }[] = Array.from({ length: MANY }, (_, index) => ({ index }));
  const before = process.memoryUsage().heapUsed;
  expect(left).toHaveLength(MANY);
  left = [];
  releaseMemory();
  // An object with a field of its own takes 16 bytes and more.
  expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(MANY * 16);
});

it('a process that reads much keeps its space for new objects as small as it is at first', async () => {
  const { file, remove } = await bundleFixture('reads-much');
  onTestFinished(remove);
  const mostOf = (how: string) =>
    (JSON.parse(execFileSync(process.execPath, [file, how], { encoding: 'utf8' })) as { most: number }).most;
  const small = mostOf('small');
  expect(small).toBeGreaterThan(0);
  // Without it grows to sixteen times that.
  expect(mostOf('as it is')).toBeGreaterThan(4 * small);
});
