import fc from 'fast-check';
import { expect, it } from 'vitest';
import { selectStartable } from '../../../src/core/runs/startable-runs.ts';

const run = (jobId: string, host: string | null) => ({ jobId, host });
const chosen = (batch: ReturnType<typeof run>[], running: ReturnType<typeof run>[], perHost: number) =>
  selectStartable(batch, running, perHost).map(({ jobId }) => jobId);

it.each<[string, ReturnType<typeof run>[], ReturnType<typeof run>[], number, string[]]>([
  ['one a job', [run('a', 'x'), run('a', 'y'), run('b', 'y')], [], 2, ['a', 'b']],
  ['two a host', [run('a', 'x'), run('b', 'x'), run('c', 'x'), run('d', 'y')], [], 2, ['a', 'b', 'd']],
  ['those under way counted', [run('a', 'x'), run('b', 'x')], [run('z', 'x')], 2, ['a']],
  ['none where it is full', [run('a', 'x'), run('b', 'y')], [run('y', 'x'), run('z', 'x')], 2, ['b']],
  [
    'any number where the host is not known',
    [run('a', null), run('b', null)],
    [run('z', null)],
    1,
    ['a', 'b'],
  ],
  ['ports as hosts of their own', [run('a', 'x:1'), run('b', 'x:2')], [], 1, ['a', 'b']],
])('starts %s', (_case, batch, running, perHost, expected) => {
  expect(chosen(batch, running, perHost)).toEqual(expected);
});

it('never has more runs on a host than allowed, and leaves out none that could start', () => {
  const runs = fc.array(fc.record({ jobId: fc.string(), host: fc.constantFrom('x', 'y', 'z') }));
  fc.assert(
    fc.property(runs, fc.integer({ min: 1, max: 4 }), (batch, perHost) => {
      const begun = selectStartable(batch, [], perHost);
      const on = (host: string) => begun.filter((each) => each.host === host).length;
      for (const host of ['x', 'y', 'z']) expect(on(host)).toBeLessThanOrEqual(perHost);
      for (const left of batch.filter((each) => !begun.includes(each)))
        expect(on(left.host) === perHost || begun.some(({ jobId }) => jobId === left.jobId)).toBe(true);
    }),
  );
});
