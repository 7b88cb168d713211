import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { propertyRuns } from '../../property-runs.ts';
import { SCAN_ZONES, type ScanRule, scan, type Window, windowsOf } from './minute-scan.ts';

const MINUTE = 60_000;

/** A cron field as text together with the numbers that it stands for. */
interface Field {
  text: string;
  wild: boolean;
  has(value: number): boolean;
}

function field(min: number, max: number): fc.Arbitrary<Field> {
  const value = fc.integer({ min, max });
  const values = fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    values.map((list) => ({ text: list.join(','), wild: false, has: (n: number) => list.includes(n) })),
    fc.tuple(value, value).map(([a, b]) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      return { text: `${low}-${high}`, wild: false, has: (n: number) => n >= low && n <= high };
    }),
    fc.constantFrom(2, 3, 5, 7).map((step) => ({
      text: `*/${step}`,
      wild: true,
      has: (n: number) => (n - min) % step === 0,
    })),
    fc.constant({ text: '*', wild: true, has: () => true }),
  );
}

interface Case extends ScanRule {
  window: Window;
  from: number;
  schedule: JobSchedule;
}

const place = fc.constantFrom(...SCAN_ZONES).chain((zone) => {
  const near = fc.integer({ min: -200, max: 200 });
  const anywhere = fc.integer({ min: -4 * 1440, max: 4 * 1440 });
  return fc.record({
    window: fc.constantFrom(...windowsOf(zone)),
    from: fc.oneof(near, anywhere),
    target: fc.oneof(near, anywhere),
    ms: fc.constantFrom(0, 0, 1, 500, 30_000, 59_999),
  });
});

/** A case whose rule names a wall-clock time seen in the window, often close to the change of clocks. */
const simpleCase: fc.Arbitrary<Case> = fc
  .tuple(
    place,
    fc.constantFrom('once', 'hourly', 'daily', 'weekly', 'monthly'),
    fc.integer({ min: 0, max: 119 }),
  )
  .map(([{ window, from, target, ms }, type, late]) => {
    // `late` reaches into a gap, which no minute of the window shows.
    const wall = new Date((window.walls[window.change + target] ?? 0) + late * MINUTE);
    const [date = '', time = ''] = wall.toISOString().slice(0, 16).split('T');
    const isTime = (at: Date) => at.toISOString().slice(11, 16) === time;
    const lastDay = (at: Date) =>
      new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
    const day = wall.getUTCDate();
    const zone = { timezone: window.zone };
    const base = {
      window,
      from: window.start + (window.change + from) * MINUTE + ms,
      fixed: type !== 'hourly',
    };
    switch (type) {
      case 'once':
        return {
          ...base,
          schedule: JobSchedule.once(date, time, zone),
          matches: (at: Date) => at.getTime() === wall.getTime(),
        };
      case 'hourly':
        return {
          ...base,
          schedule: JobSchedule.hourly(wall.getUTCMinutes(), zone),
          matches: (at: Date) => at.getUTCMinutes() === wall.getUTCMinutes(),
        };
      case 'weekly':
        return {
          ...base,
          schedule: JobSchedule.weekly((wall.getUTCDay() + 6) % 7, time, zone),
          matches: (at: Date) => isTime(at) && at.getUTCDay() === wall.getUTCDay(),
        };
      case 'monthly':
        return {
          ...base,
          schedule: JobSchedule.monthly(day + (day === 28 ? late % 4 : 0), time, zone),
          matches: (at: Date) =>
            isTime(at) && at.getUTCDate() === Math.min(day + (day === 28 ? late % 4 : 0), lastDay(at)),
        };
      default:
        return { ...base, schedule: JobSchedule.daily(time, zone), matches: isTime };
    }
  });

const cronCase: fc.Arbitrary<Case> = fc
  .record({
    place,
    minute: field(0, 59),
    hour: fc.oneof(field(0, 23), field(0, 4)),
    dayOfMonth: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: field(1, 31) },
    ),
    dayOfWeek: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: field(0, 6) },
    ),
  })
  .map(({ place: { window, from, ms }, minute, hour, dayOfMonth, dayOfWeek }) => {
    const days = dayOfMonth?.text === '*' ? undefined : dayOfMonth;
    const weekdays = dayOfWeek?.text === '*' ? undefined : dayOfWeek;
    const isDay = (at: Date) => {
      if (days === undefined && weekdays === undefined) return true;
      return (days?.has(at.getUTCDate()) ?? false) || (weekdays?.has(at.getUTCDay()) ?? false);
    };
    const expression = `${minute.text} ${hour.text} ${days?.text ?? '*'} * ${weekdays?.text ?? '*'}`;
    return {
      window,
      from: window.start + (window.change + from) * MINUTE + ms,
      fixed: !minute.wild && !hour.wild,
      schedule: JobSchedule.custom(expression, { timezone: window.zone }),
      matches: (at: Date) => minute.has(at.getUTCMinutes()) && hour.has(at.getUTCHours()) && isDay(at),
    };
  });

/** QS_OCCURRENCES=5000 for a release. */
const CASES = Number(process.env['QS_OCCURRENCES'] ?? 50);

function agreesWithScan(rule: Case): void {
  const end = rule.window.start + rule.window.walls.length * MINUTE;
  const expected = scan(rule, rule.window)
    .filter((at) => at > rule.from)
    .slice(0, 12);
  const actual = rule.schedule
    .getNextRunTimes(12, new Date(rule.from))
    .map((at) => at.getTime())
    .filter((at) => at < end);
  const where = `${JSON.stringify(rule.schedule)} after ${new Date(rule.from).toISOString()}`;
  expect(actual.map(iso), where).toEqual(expected.map(iso));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

describe('occurrences against a scan of every minute in ten zones', () => {
  it('agree for once, hourly, daily, weekly and monthly', () => {
    fc.assert(fc.property(simpleCase, agreesWithScan), { numRuns: CASES });
  });

  it('agree for cron expressions of lists, ranges, steps and stars', () => {
    fc.assert(fc.property(cronCase, agreesWithScan), { numRuns: CASES });
  });
});

describe('occurrences in every zone of the world, 1970 to 2100', () => {
  const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
  const time = fc.tuple(twoDigits(23), twoDigits(59)).map((parts) => parts.join(':'));
  const timezone = fc.constantFrom('UTC', ...Intl.supportedValuesOf('timeZone'));
  const dict = fc.oneof(
    fc.record({ type: fc.constant('hourly'), minute: fc.integer({ min: 0, max: 59 }), timezone }),
    fc.record({ type: fc.constant('daily'), time, timezone }),
    fc.record({ type: fc.constant('weekly'), day_of_week: fc.integer({ min: 0, max: 6 }), time, timezone }),
    fc.record({
      type: fc.constant('monthly'),
      day_of_month: fc.integer({ min: 1, max: 31 }),
      time,
      timezone,
    }),
    fc.record({
      type: fc.constant('custom'),
      cron_expression: fc
        .tuple(field(0, 59), field(0, 59), field(0, 23))
        .map((fields) => `${fields.map(({ text }) => text).join(' ')} * * *`),
      timezone,
    }),
  );
  const from = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });

  it('are strictly after the given instant, increasing, and never missing', () => {
    fc.assert(
      fc.property(dict, from, (schedule, start) => {
        const runs = JobSchedule.fromDict(schedule).getNextRunTimes(6, start);
        expect(runs).toHaveLength(6);
        let last = start.getTime();
        for (const run of runs) {
          expect(run.getTime()).toBeGreaterThan(last);
          last = run.getTime();
        }
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('are the same whether the search starts before or just before them', () => {
    fc.assert(
      fc.property(dict, from, (value, start) => {
        const schedule = JobSchedule.fromDict(value);
        const at = schedule.getNextRunTime(start);
        expect(at).not.toBeNull();
        const justBefore = new Date(Math.max(start.getTime(), (at?.getTime() ?? 0) - 1));
        expect(schedule.getNextRunTime(justBefore)).toEqual(at);
      }),
      { numRuns: propertyRuns(300) },
    );
  });
});
