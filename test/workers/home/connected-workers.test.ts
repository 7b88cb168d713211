import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectedWorkers } from '../../../src/workers/home/connected-workers.ts';

const report = (
  tags: string[],
  slots: number,
  more: Partial<Parameters<ConnectedWorkers['hear']>[1]> = {},
) => ({
  tags,
  slots,
  incarnation: 'one',
  heardAt: 100,
  isDraining: false,
  ...more,
});

describe('the workers that are connected', () => {
  it('take as many starts as they have free slots', () => {
    const workers = new ConnectedWorkers();
    expect(workers.hasCapacity('', 0)).toBe(false);
    workers.hear('a', report([], 2));
    workers.handedOver('t1', '');
    expect(workers.hasCapacity('', 0)).toBe(true);
    workers.claimed('a', 't1');
    workers.handedOver('t2', '');
    expect(workers.hasCapacity('', 0)).toBe(false);
    expect(workers.freeSlots(0)).toBe(0);
    workers.ended('t1');
    expect(workers.hasCapacity('', 0)).toBe(true);
    expect(workers.freeSlots(0)).toBe(1);
  });

  it('take no start of a tag that they do not have, and keep such a start from no other', () => {
    const workers = new ConnectedWorkers();
    workers.hear('a', report(['eu'], 1));
    workers.hear('b', report(['browser', 'eu'], 1));
    expect(workers.hasCapacity('browser,us', 0)).toBe(false);
    workers.handedOver('t1', 'browser,eu');
    expect(workers.hasCapacity('browser', 0)).toBe(false);
    expect(workers.hasCapacity('eu', 0)).toBe(true);
    expect(workers.poolsOf('b', ['', 'eu', 'browser,eu', 'us'])).toEqual(['', 'eu', 'browser,eu']);
    expect(workers.serving('eu', 0)).toEqual(['a', 'b']);
  });

  it('do not count when they are silent or draining, and keep what they execute', () => {
    const workers = new ConnectedWorkers();
    workers.hear('a', report([], 1));
    expect(workers.hasCapacity('', 101)).toBe(false);
    workers.claimed('a', 't1');
    expect(workers.hear('a', report([], 1, { heardAt: 200 }))).toBe(false);
    expect(workers.hasCapacity('', 150)).toBe(false);
    workers.ended('t1');
    expect(workers.hasCapacity('', 150)).toBe(true);
    workers.hear('a', report([], 1, { heardAt: 200, isDraining: true }));
    expect(workers.hasCapacity('', 150)).toBe(false);
    workers.forget('a');
    expect(workers.serving('', 0)).toEqual([]);
  });

  it('are known to be new processes by their incarnation', () => {
    const workers = new ConnectedWorkers();
    expect(workers.hear('a', report([], 1))).toBe(false);
    expect(workers.hear('a', report([], 1, { incarnation: 'two' }))).toBe(true);
  });

  it('get as many starts ahead of their slots as the settings say', () => {
    const workers = new ConnectedWorkers();
    expect(workers.hasCapacity('', 0, 1)).toBe(true);
    workers.handedOver('t1', '');
    expect(workers.hasCapacity('', 0, 1)).toBe(false);
    expect(workers.hasCapacity('', 0, 2)).toBe(true);
  });

  it('never get more starts than they have slots, whatever the order of claims and ends', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('start' as const), pool: fc.constantFrom('', 'eu') }),
      fc.record({ kind: fc.constant('claim' as const), by: fc.constantFrom('a' as const, 'b' as const) }),
      fc.record({ kind: fc.constant('end' as const), at: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const workers = new ConnectedWorkers();
        workers.hear('a', report(['eu'], 2));
        workers.hear('b', report(['browser', 'eu'], 1));
        const unclaimed: { token: string; pool: string }[] = [];
        const claimed: { token: string; pool: string; by: string }[] = [];
        actions.forEach((one, at) => {
          if (one.kind === 'start' && workers.hasCapacity(one.pool, 0)) {
            workers.handedOver(`t${at}`, one.pool);
            unclaimed.push({ token: `t${at}`, pool: one.pool });
          }
          const slots = { a: 2, b: 1 };
          const isFree =
            one.kind === 'claim' && claimed.filter(({ by }) => by === one.by).length < slots[one.by];
          const start = isFree ? unclaimed.shift() : undefined;
          if (one.kind === 'claim' && start !== undefined) {
            workers.claimed(one.by, start.token);
            claimed.push({ ...start, by: one.by });
          }
          const ended = one.kind === 'end' ? claimed.splice(one.at, 1)[0] : undefined;
          if (ended !== undefined) workers.ended(ended.token);
          expect(unclaimed.length + claimed.length).toBeLessThanOrEqual(3);
        });
      }),
    );
  });
});

describe('a letter of an earlier process of a worker', () => {
  it('do not hear an earlier process of a worker again, once another was heard', () => {
    const workers = new ConnectedWorkers();
    workers.hear('a', report([], 1));
    expect(workers.isRetired('a', 'one')).toBe(false);
    workers.hear('a', report([], 1, { incarnation: 'two' }));
    expect(workers.isRetired('a', 'one')).toBe(true);
    for (const incarnation of ['two', 'three']) expect(workers.isRetired('a', incarnation)).toBe(false);
  });
});
