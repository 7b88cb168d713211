import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Forecast, type ForecastOptions, forecast } from '../../../src/core/schedule/forecast.ts';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { type ForecastJob, staggerDelayMs } from '../../../src/core/schedule/start-forecast.ts';
import { forEachStartingMinute } from '../../../src/core/schedule/starting-minutes.ts';
import { cpuSeconds } from '../../cpu-seconds.ts';
import { SCAN_ZONES, windowsOf } from './minute-scan.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FROM = Date.parse('2026-11-25T12:00:00Z');
const CASES = Number(process.env['QS_FORECAST_CASES'] ?? 50);

function job(jobId: string, cron: string, more: Partial<ForecastJob> = {}): ForecastJob {
  const rule = JobSchedule.custom(cron, { timezone: 'UTC' }).toDict();
  return { jobId, rule, after: 0, stagger: 0, priority: 0, host: null, takes: 0, ...more };
}

function ahead(jobs: ForecastJob[], hours: number, more: Partial<ForecastOptions> = {}): Forecast {
  return forecast(jobs, {
    from: FROM,
    until: FROM + hours * HOUR,
    timezone: 'UTC',
    slots: 4,
    perHost: 2,
    maxOccurrences: 1000,
    maxCollisions: 100,
    ...more,
  });
}

describe('eachStartingMinute', () => {
  it('finds what asking for one occurrence after the other finds, over every change of clocks', () => {
    const two = (max: number) => fc.integer({ min: 0, max });
    const part = (max: number) =>
      fc.oneof(
        two(max).map(String),
        fc.tuple(two(max), two(max)).map(([a, b]) => `${a},${b}`),
        fc.constantFrom('*', '*/7', '*/20'),
      );
    const expression = fc.oneof(
      fc.tuple(part(59), part(4)).map(([minute, hour]) => `${minute} ${hour} * * *`),
      fc
        .tuple(part(59), part(59), two(4))
        .map(([second, minute, hour]) => `${second} ${minute} ${hour} * * *`),
      fc.tuple(part(59), part(23), two(6)).map(([minute, hour, day]) => `${minute} ${hour} 1,L * ${day}`),
      fc.constantFrom('30 23 * * *', '30 23 * * 6', '0-59 0-59 0-3 * * *', '*/30 * * * *'),
    );
    const rule = fc.record({
      zone: fc.constantFrom(...SCAN_ZONES),
      which: fc.nat(),
      expression,
      ms: two(120_000),
    });
    fc.assert(
      fc.property(rule, ({ zone, which, expression: cron, ms }) => {
        const windows = windowsOf(zone);
        const window = windows[which % windows.length];
        if (window === undefined) throw new TypeError('no window');
        const from = window.start + (window.change - 150) * MINUTE + ms;
        const until = from + 5 * HOUR + ms;
        const schedule = JobSchedule.custom(cron, { timezone: zone });
        const found: number[] = [];
        forEachStartingMinute(schedule.toDict(), from, until, (minute, seconds) => {
          found.push(...seconds.map((second) => minute + second * 1000));
        });
        const expected: number[] = [];
        for (
          let at = schedule.getNextRunTime(new Date(from));
          at && at.getTime() <= until && expected.length < 400;
        ) {
          expected.push(at.getTime());
          at = schedule.getNextRunTime(at);
        }
        expect(found.slice(0, 400), `${cron} in ${zone} from ${new Date(from).toISOString()}`).toEqual(
          expected,
        );
      }),
      { numRuns: CASES },
    );
  });

  it.each([
    JobSchedule.once('2026-11-25', '18:00', { timezone: 'Europe/Berlin' }),
    JobSchedule.hourly(15, { timezone: 'Asia/Kathmandu' }),
    JobSchedule.weekly(3, '09:00', { timezone: 'America/New_York' }),
    JobSchedule.monthly(30, '09:00', { timezone: 'Europe/Berlin' }),
    JobSchedule.monthly(31, '09:00', { timezone: 'UTC' }),
  ])('knows every kind of schedule: $type', (schedule) => {
    const until = FROM + 110 * 24 * HOUR;
    const found: number[] = [];
    forEachStartingMinute(schedule.toDict(), FROM, until, (minute) => found.push(minute));
    const expected = schedule.getNextRunTimes(3000, new Date(FROM)).map((at) => at.getTime());
    expect(found).toEqual(expected.filter((at) => at <= until));
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('forecast', () => {
  it('lists the occurrences of all jobs in the order in which they start', () => {
    const late = job('late', '0 * * * *', { stagger: 600 });
    const { occurrences, total } = ahead([late, job('half', '30 13 * * *'), job('one', '0 13 * * *')], 2);
    expect(
      occurrences.map((each) => [each.job.jobId, new Date(each.at).toISOString().slice(11, 16)]),
    ).toEqual([
      ['one', '13:00'],
      ['late', '13:00'],
      ['half', '13:30'],
      ['late', '14:00'],
    ]);
    expect(occurrences[1]?.startsAt).toBe(FROM + HOUR + staggerDelayMs(late));
    expect(total).toBe(4);
  });

  it('lists no more than asked for, and counts all the same', () => {
    const found = ahead([job('fast', '* * * * * *'), job('slow', '0 14 * * *')], 24, { maxOccurrences: 50 });
    expect(found.occurrences).toHaveLength(50);
    expect(found.total).toBe(24 * 3600 + 1);
    expect(found.byHour.reduce((sum, { runs }) => sum + runs, 0)).toBe(found.total);
  });

  it('counts each hour of the zone, also those in which nothing starts', () => {
    const { byHour, busiest } = ahead([job('a', '*/30 14 * * *'), job('b', '0 14 * * *')], 3, {
      from: FROM + 20 * MINUTE,
      until: FROM + 3 * HOUR,
      timezone: 'Asia/Kathmandu',
    });
    // Kathmandu is ahead by 5:45: its hours begin at a quarter past.
    expect(byHour.map(({ at, runs }) => [new Date(at).toISOString().slice(11, 16), runs])).toEqual([
      ['12:15', 0],
      ['13:15', 2],
      ['14:15', 1],
    ]);
    expect(busiest?.runs).toBe(2);
    expect(ahead([], 24)).toMatchObject({ total: 0, busiest: null, occurrences: [], collisions: [] });
  });

  it('counts a second hour of the same name apart when clocks go back', () => {
    const from = Date.parse('2026-10-24T23:30:00Z');
    const { byHour } = ahead([job('a', '*/10 * * * *')], 0, {
      from,
      until: from + 3 * HOUR,
      timezone: 'Europe/Berlin',
    });
    expect(byHour.map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual([
      '23:00',
      '00:00',
      '01:00',
      '02:00',
    ]);
    expect(byHour.map(({ runs }) => runs)).toEqual([2, 6, 6, 4]);
  });

  it('leaves out what has been decided already', () => {
    expect(ahead([job('a', '0 * * * *', { after: FROM + HOUR })], 3).total).toBe(2);
  });

  it('warns when more jobs start in a minute than there are slots, and names the waiting ones', () => {
    const jobs = ['a', 'b', 'c', 'd', 'e'].map((id) =>
      job(id, '0 13 * * *', { priority: id === 'e' ? 1 : 0 }),
    );
    expect(ahead(jobs, 24).collisions).toEqual([
      {
        at: FROM + HOUR,
        limit: 'slots',
        host: null,
        jobs: ['e', 'a', 'b', 'c', 'd'],
        alreadyRunning: 0,
        allowed: 4,
      },
    ]);
    expect(ahead(jobs.slice(1), 24).collisions).toEqual([]);
    expect(ahead(jobs, 24, { slots: 5 }).collisions).toEqual([]);
  });

  it('warns when more jobs start on one host than allowed', () => {
    const jobs = ['a', 'b', 'c'].map((id) => job(id, '0 13 * * *', { host: 'shop.example' }));
    expect(ahead(jobs, 48)).toMatchObject({
      collisionsTotal: 2,
      collisions: [
        { at: FROM + HOUR, limit: 'host', host: 'shop.example', jobs: ['a', 'b', 'c'], allowed: 2 },
        { at: FROM + 25 * HOUR },
      ],
    });
    const apart = jobs.map((each) => ({ ...each, host: `${each.jobId}.example` }));
    expect(ahead(apart, 48).collisions).toEqual([]);
  });

  it('counts a job once a minute, however often it starts', () => {
    const jobs = ['a', 'b'].map((jobId) => job(jobId, '* * * * * *', { host: 'shop.example', stagger: 100 }));
    expect(ahead(jobs, 1, { slots: 2 })).toMatchObject({ total: 7200, collisionsTotal: 0 });
  });

  it('counts runs that started before and are not over, by how long they take', () => {
    const long = ['a', 'b', 'c', 'd'].map((id) => job(id, '0 13 * * *', { takes: 6 * MINUTE }));
    const late = job('late', '5 13 * * *', { priority: 9 });
    expect(ahead([late, ...long], 24).collisions).toEqual([
      {
        at: FROM + HOUR + 5 * MINUTE,
        limit: 'slots',
        host: null,
        jobs: ['a', 'b', 'c', 'd', 'late'],
        alreadyRunning: 4,
        allowed: 4,
      },
    ]);
    // Over when the other one starts.
    const over = long.map((each) => ({ ...each, takes: 5 * MINUTE }));
    expect(ahead([late, ...over], 24).collisions).toEqual([]);
  });

  it('counts a run on its host as long as it takes, and a job once however often it is due meanwhile', () => {
    const often = job('often', '* * * * *', { host: 'shop.example', takes: 90 * MINUTE });
    const other = job('other', '30 13 * * *', { host: 'shop.example' });
    expect(ahead([often, other], 24).collisions).toEqual([]);
    const third = job('third', '0 13 * * *', { host: 'shop.example', takes: HOUR });
    const { collisions } = ahead([often, other, third], 24);
    expect(collisions.map(({ at }) => at)).toEqual([FROM + HOUR + 30 * MINUTE]);
    expect(collisions[0]).toMatchObject({
      limit: 'host',
      jobs: ['often', 'third', 'other'],
      alreadyRunning: 2,
    });
  });

  it('takes staggered starts apart', () => {
    const jobs = Array.from({ length: 12 }, (_, index) => job(`job-${index}`, '0 13 * * *'));
    const apart = jobs.map((each) => ({ ...each, stagger: 3600 }));
    expect(ahead(jobs, 24).collisionsTotal).toBe(1);
    expect(ahead(apart, 24).collisionsTotal).toBe(0);
    expect(ahead(apart, 24).total).toBe(12);
  });

  it('answers for a thousand jobs and a month without counting one by one', () => {
    const zones = ['Europe/Berlin', 'UTC', 'America/New_York'];
    const jobs = Array.from({ length: 1000 }, (_, index) => {
      const rule = JobSchedule.custom(index < 5 ? '* * * * * *' : `${index % 60} * * * *`, {
        timezone: zones[index % 3],
      }).toDict();
      return {
        jobId: `j${index}`,
        rule,
        after: 0,
        stagger: index % 2 ? 900 : 0,
        priority: 0,
        host: 'one.example',
        takes: index % 7 ? 0 : 20 * MINUTE,
      };
    });
    let found: ReturnType<typeof ahead> | undefined;
    // An occurrence after the other it would take minutes.
    expect(
      cpuSeconds(() => {
        found = ahead(jobs, 744);
      }),
    ).toBeLessThan(60);
    expect(found?.total).toBe(5 * 744 * 3600 + 995 * 744);
    expect(found?.occurrences).toHaveLength(1000);
    expect(found?.collisions).toHaveLength(100);
  });
});
