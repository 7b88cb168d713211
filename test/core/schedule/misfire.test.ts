import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import {
  applyMisfirePolicy,
  latestOccurrences,
  MAX_CATCH_UP,
  type MisfirePolicy,
  ON_TIME_MS,
} from '../../../src/core/schedule/misfire.ts';

const MINUTE = 60_000;
const now = Date.parse('2026-11-25T12:00:00Z');
const latest: MisfirePolicy = { catch_up: 'latest', misfire_grace_time: null };

function actions(due: number[], policy: MisfirePolicy): string[] {
  return applyMisfirePolicy(due, now, policy).map(({ action }) => action);
}

describe('due occurrences', () => {
  it('run when they are on time, under any policy', () => {
    for (const catchUp of ['latest', 'all', 'none'] as const) {
      expect(actions([now - ON_TIME_MS], { catch_up: catchUp, misfire_grace_time: 0 })).toEqual(['run']);
    }
  });

  it('are caught up once with the latest by default', () => {
    expect(actions([now - 3 * MINUTE, now - 2 * MINUTE, now - MINUTE], latest)).toEqual([
      'missed',
      'missed',
      'catch_up',
    ]);
  });

  it('are all caught up under "all", at most a hundred', () => {
    const due = Array.from({ length: MAX_CATCH_UP + 5 }, (_, index) => now - (200 - index) * MINUTE);
    const decided = actions(due, { catch_up: 'all', misfire_grace_time: null });
    expect(decided.filter((action) => action === 'catch_up')).toHaveLength(MAX_CATCH_UP);
    expect(decided.slice(0, 5)).toEqual(Array(5).fill('missed'));
  });

  it('are missed under "none"', () => {
    expect(actions([now - MINUTE], { catch_up: 'none', misfire_grace_time: null })).toEqual(['missed']);
  });

  it('are missed when they are older than the grace time', () => {
    expect(actions([now - 3 * MINUTE, now - MINUTE], { catch_up: 'all', misfire_grace_time: 90 })).toEqual([
      'missed',
      'catch_up',
    ]);
  });

  it('are not caught up when the next one is on time already', () => {
    expect(actions([now - MINUTE, now], latest)).toEqual(['missed', 'run']);
  });

  it('are each decided exactly once and in order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 200 }),
        fc.constantFrom('latest' as const, 'all' as const, 'none' as const),
        fc.option(fc.integer({ min: 0, max: 10_000 })),
        (ages, catchUp, grace) => {
          const due = ages.map((age) => now - age).sort((a, b) => a - b);
          const decided = applyMisfirePolicy(due, now, { catch_up: catchUp, misfire_grace_time: grace });
          expect(decided.map(({ at }) => at)).toEqual(due);
        },
      ),
    );
  });
});

describe('the policy over a table', () => {
  // Ages in seconds, the newest last; R run, C caught up, g older than the grace time, n none, l a later one, m too many.
  it.each<[MisfirePolicy['catch_up'], number | null, number[], string]>([
    ['latest', null, [0], 'R'],
    ['latest', null, [10], 'R'],
    ['latest', null, [11], 'C'],
    ['latest', null, [180, 120, 60], 'llC'],
    ['latest', null, [180, 120, 60, 0], 'lllR'],
    ['latest', null, [60, 5, 0], 'lRR'],
    ['latest', 90, [180, 120, 60], 'ggC'],
    ['latest', 60, [61], 'g'],
    ['latest', 60, [60], 'C'],
    ['latest', 0, [60], 'g'],
    ['latest', 0, [9], 'R'],
    ['all', null, [180, 120, 60], 'CCC'],
    ['all', null, [180, 60, 0], 'CCR'],
    ['all', 90, [180, 60, 0], 'gCR'],
    ['none', null, [180, 60, 0], 'nnR'],
    ['none', 90, [180, 60], 'nn'],
    ['none', null, [], ''],
  ])('catch_up %s, grace time %j: ages %j become %s', (catchUp, grace, ages, expected) => {
    const due = ages.map((age) => now - age * 1000);
    const decided = applyMisfirePolicy(due, now, { catch_up: catchUp, misfire_grace_time: grace });
    const letters = { grace_time: 'g', none: 'n', later_one: 'l', too_many: 'm' };
    const letter = (each: (typeof decided)[number]) =>
      each.action === 'missed' ? letters[each.because] : each.action === 'run' ? 'R' : 'C';
    expect(decided.map(letter).join('')).toBe(expected);
  });

  it('says of the oldest beyond a hundred that they are too many', () => {
    const due = Array.from({ length: MAX_CATCH_UP + 1 }, (_, index) => now - (200 - index) * MINUTE);
    expect(applyMisfirePolicy(due, now, { catch_up: 'all', misfire_grace_time: null })[0]).toMatchObject({
      because: 'too_many',
    });
  });
});

describe('the newest occurrences of a time that was missed', () => {
  const minutely = JobSchedule.custom('* * * * *', { timezone: 'UTC' });

  it('are all there when they are few', () => {
    expect(latestOccurrences(minutely, now - 3 * MINUTE, now, 10)).toEqual({
      occurrences: [now - 2 * MINUTE, now - MINUTE, now],
      earlier: undefined,
    });
  });

  it('are cut to the count when they are many, without walking through a year', () => {
    const asked = vi.spyOn(minutely, 'getNextRunTime');
    const { occurrences, earlier } = latestOccurrences(minutely, now - 365 * 24 * 60 * MINUTE, now, 100);
    expect(occurrences).toHaveLength(100);
    expect(occurrences.at(-1)).toBe(now);
    expect(earlier).toMatchObject({ count: 500, atLeast: true, last: now - 100 * MINUTE });
    // Of half a million.
    expect(asked.mock.calls.length).toBeLessThan(2_000);
  });

  it('are none when the schedule has none in between', () => {
    const daily = JobSchedule.daily('13:00', { timezone: 'UTC' });
    expect(latestOccurrences(daily, now - MINUTE, now, 5)).toEqual({
      occurrences: [],
      earlier: undefined,
    });
  });

  it('leave older occurrences counted, from the first to the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 1, max: 60 }), (missed, count) => {
        const after = now - missed * MINUTE;
        const { occurrences, earlier } = latestOccurrences(minutely, after, now, count);
        expect(occurrences).toHaveLength(Math.min(missed, count));
        const older = missed - occurrences.length;
        expect(earlier).toEqual(
          older === 0
            ? undefined
            : {
                first: after + MINUTE,
                last: now - count * MINUTE,
                count: Math.min(older, 500),
                atLeast: older > 500,
              },
        );
      }),
      { numRuns: 30 },
    );
  });
});
