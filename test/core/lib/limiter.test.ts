import { expect, it } from 'vitest';
import { Limiter } from '../../../src/core/lib/limiter.ts';

/** A work that goes on until it is ended. */
function gate() {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end: () => end() };
}

it('runs up to its limit of tasks at once, and starts the next when one ends or fails', async () => {
  const turns = new Limiter(2);
  const begun: number[] = [];
  const gates = [gate(), gate(), gate(), gate()];
  const works = gates.map(({ ended }, index) =>
    turns.run(async () => {
      begun.push(index);
      await ended;
      if (index === 0) throw new Error('it fails');
      return index;
    }),
  );
  const results = Promise.allSettled(works);
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1]);
  gates[0]?.end();
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1, 2]);
  for (const { end } of gates) end();
  expect((await results).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(begun).toEqual([0, 1, 2, 3]);
});
