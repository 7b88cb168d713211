import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstOccurrences } from '../../../src/core/schedule/forecast.ts';
import type { ForecastJob } from '../../../src/core/schedule/start-forecast.ts';
import { UpcomingLoad, upcomingStarts } from '../../../src/core/schedule/start-forecast.ts';

const HOUR = 3_600_000;
/** Berlin's clocks go back on 25 October at 03:00. */
const T = Date.UTC(2026, 9, 24, 12);

function job(jobId: string, cron: string, fields: Partial<ForecastJob> = {}): ForecastJob {
  const rule = { type: 'custom', cron_expression: cron, timezone: 'Europe/Berlin' } as const;
  return { jobId, rule, after: 0, stagger: 0, priority: 0, host: null, takes: 0, ...fields };
}

it('lists the steps in which a job starts, and counts those that are too many to list', () => {
  const found = upcomingStarts(
    [job('often', '* * * * *')],
    { from: T, until: T + HOUR, step: HOUR / 2 },
    T - 1,
  );
  expect(found).toMatchObject([
    { jobId: 'often', count: 30 },
    { jobId: 'often', count: 30 },
  ]);
  expect(found.map(({ at }) => at.length)).toEqual([20, 20]);
  expect(found[1]?.at[0]).toBe(T + HOUR / 2);
});

it('nothing that was decided, and nothing up to now, is still to come', () => {
  const jobs = [job('a', '0 * * * *', { after: T + HOUR })];
  const period = { from: T, until: T + 3 * HOUR, step: HOUR };
  expect(upcomingStarts(jobs, period, T).map(({ at }) => at)).toEqual([[T + 2 * HOUR]]);
  expect(upcomingStarts(jobs, period, T + 2 * HOUR)).toEqual([]);
});

it('finds what the forecast finds, for any steps', () => {
  const crons = fc.constantFrom('0 * * * *', '*/20 * * * *', '30 2 * * *', '15 6 * * 1', '0 0 1 * *');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(crons, fc.constantFrom(0, 600, 86_400)), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: -30, max: 30 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(1, 2, 6),
      (specs, begin, hours, stepHours) => {
        const jobs = specs.map(([cron, stagger], index) => job(`j${index}`, cron, { stagger }));
        const [from, until] = [T + begin * HOUR, T + (begin + hours) * HOUR];
        const found = upcomingStarts(jobs, { from, until, step: stepHours * HOUR }, T);
        const wanted = firstOccurrences(jobs, T - 25 * HOUR, until, 10_000)
          .filter(({ startsAt }) => startsAt > T && startsAt >= from && startsAt < until)
          .map(({ job: { jobId }, startsAt }) => `${jobId} ${startsAt}`);
        expect(found.flatMap(({ jobId, at }) => at.map((each) => `${jobId} ${each}`)).sort()).toEqual(
          wanted.sort(),
        );
        for (const { at } of found) {
          const steps = at.map((each) => Math.floor((each - from) / (stepHours * HOUR)));
          expect(new Set(steps).size).toBe(1);
        }
      },
    ),
    { numRuns: 80 },
  );
});

it('counts how many jobs would run at once, given their durations', () => {
  const jobs = [job('a', '0 13 * * *', { takes: 90 * 60_000 }), job('b', '30 13 * * *', { takes: 60_000 })];
  // 13:00 in Berlin is 11:00 UTC in summer.
  const from = Date.UTC(2026, 9, 24, 10);
  const period = { from, until: from + 5 * HOUR, step: HOUR };
  const counted = (now: number) => {
    const load = new UpcomingLoad(jobs, period, now);
    for (const each of jobs) load.add([each]);
    return [...load.steps()];
  };
  expect(counted(from)).toEqual([0, 2, 1, 0, 0]);
  expect(counted(from + 2 * HOUR)).toEqual([0, 0, 0, 0, 0]);
  expect(counted(from + 9 * HOUR)).toEqual([0, 0, 0, 0, 0]);
});
