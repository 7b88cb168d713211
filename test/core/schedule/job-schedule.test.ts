import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { type ScheduleDict, scheduleInput } from '../../../src/core/schedule/rule.ts';
import { cpuSeconds } from '../../cpu-seconds.ts';

const berlin = { timezone: 'Europe/Berlin' };

const DICTS: ScheduleDict[] = [
  { type: 'once', date: '2026-12-24', time: '18:00', ...berlin },
  { type: 'hourly', minute: 15, ...berlin },
  { type: 'daily', time: '09:00', ...berlin },
  { type: 'weekly', day_of_week: 0, time: '09:00', ...berlin },
  { type: 'monthly', day_of_month: 31, time: '09:00', ...berlin },
  { type: 'custom', cron_expression: '0 9 * * 1-5', ...berlin },
];

describe('JobSchedule', () => {
  it('makes each kind in its wire shape', () => {
    const made = [
      JobSchedule.once('2026-12-24', '18:00', berlin),
      JobSchedule.hourly(15, berlin),
      JobSchedule.daily('09:00', berlin),
      JobSchedule.weekly(0, '09:00', berlin),
      JobSchedule.monthly(31, '09:00', berlin),
      JobSchedule.custom(' 0  9 * * 1-5 ', berlin),
    ];
    expect(made.map((schedule) => JSON.stringify(schedule.toDict()))).toEqual(
      DICTS.map((dict) => JSON.stringify(dict)),
    );
    expect(made.map(({ type }) => type)).toEqual(['once', 'hourly', 'daily', 'weekly', 'monthly', 'custom']);
  });

  it.each(DICTS)('survives being written and read: $type', (dict) => {
    const again = JobSchedule.fromDict(JSON.parse(JSON.stringify(JobSchedule.fromDict(dict))));
    expect(again.toDict()).toEqual(dict);
  });

  it('always writes a zone: the system’s, resolved when it is made', () => {
    const system = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(JobSchedule.daily('09:00').toDict()).toEqual({ type: 'daily', time: '09:00', timezone: system });
    expect(JobSchedule.fromDict({ type: 'daily', time: '09:00' }).timezone).toBe(system);
  });

  it('runs hourly at minute 0 by default', () => {
    expect(JobSchedule.hourly().toDict()).toMatchObject({ minute: 0 });
    expect(JobSchedule.fromDict({ type: 'hourly' }).toDict()).toMatchObject({ minute: 0 });
  });

  it('cannot be changed through its results or its source', () => {
    const given = { type: 'daily', time: '09:00', ...berlin };
    const schedule = JobSchedule.fromDict(given);
    given.time = '10:00';
    Reflect.set(schedule.toDict(), 'time', '11:00');
    expect(schedule.describe()).toBe('every day at 09:00 (Europe/Berlin)');
  });

  it('counts from now by default', () => {
    const before = Date.now();
    const next = JobSchedule.custom('* * * * * *', berlin).getNextRunTime()?.getTime() ?? 0;
    expect(next).toBeGreaterThan(before);
    expect(next).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  it('is strictly after the given instant', () => {
    const schedule = JobSchedule.daily('09:00', berlin);
    const at = new Date('2026-11-25T08:00:00.000Z');
    expect(schedule.getNextRunTime(new Date(at.getTime() - 1))).toEqual(at);
    expect(schedule.getNextRunTime(at)).toEqual(new Date('2026-11-26T08:00:00.000Z'));
  });

  it('counts weekdays from Monday, and cron’s from Sunday', () => {
    const from = new Date('2026-11-25T00:00:00Z');
    const days = (schedule: JobSchedule) => schedule.getNextRunTime(from)?.getUTCDay();
    const utc = { timezone: 'UTC' };
    expect([0, 1, 2, 3, 4, 5, 6].map((day) => days(JobSchedule.weekly(day, '09:00', utc)))).toEqual([
      1, 2, 3, 4, 5, 6, 0,
    ]);
    expect([0, 1, 6, 7].map((day) => days(JobSchedule.custom(`0 9 * * ${day}`, utc)))).toEqual([0, 1, 6, 0]);
  });

  it('has no next run when its date is past or its day never comes, without a long search', () => {
    expect(
      JobSchedule.once('2026-03-01', '09:00', berlin).getNextRunTime(new Date('2026-03-01T08:00:00Z')),
    ).toBeNull();
    const seconds = cpuSeconds(() => {
      expect(JobSchedule.custom('0 0 31 2 *', berlin).getNextRunTime()).toBeNull();
      expect(JobSchedule.custom('*/5 * 30 2 *', berlin).getNextRunTimes(3)).toEqual([]);
    });
    expect(seconds).toBeLessThan(5);
  });

  it('answers for the ends of time without failing', () => {
    const schedule = JobSchedule.daily('09:00', berlin);
    expect(schedule.getNextRunTime(new Date(-8.64e15))?.getUTCFullYear()).toBe(1900);
    expect(schedule.getNextRunTime(new Date(8.64e15))).toBeNull();
    expect(JobSchedule.once('9999-12-31', '23:59', berlin).getNextRunTime()?.toISOString()).toBe(
      '9999-12-31T22:59:00.000Z',
    );
  });

  it('gives fewer run times when the schedule ends', () => {
    expect(
      JobSchedule.once('2026-12-24', '18:00', berlin).getNextRunTimes(5, new Date('2026-01-01')),
    ).toHaveLength(1);
    expect(JobSchedule.daily('09:00', berlin).getNextRunTimes(0)).toEqual([]);
  });

  it.each(['SUN-SUN', '0-SUN', 'sun-sun', '00-SUN', 'SUN-SUN/2', 'SUN-SUN,7', '7-SUN', '0-0'])(
    'takes the weekday %s for Sundays alone, as Vixie’s cron does, with any day of the month',
    (weekday) => {
      const of = (day: string, expression: string) =>
        JobSchedule.custom(`0 9 ${day} * ${expression}`, { timezone: 'UTC' }).getNextRunTimes(
          20,
          new Date('2026-11-01T10:00:00Z'),
        );
      // `LW` is croner's to answer, the others are ours.
      for (const day of ['*', '13', 'LW']) expect(of(day, weekday), day).toEqual(of(day, '0'));
      expect(of('*', weekday).every((run) => run.getUTCDay() === 0)).toBe(true);
    },
  );

  it('takes a range that ends with Sunday as before, and one of Sundays with a number', () => {
    const of = (weekday: string) =>
      JobSchedule.custom(`0 9 * * ${weekday}`, { timezone: 'UTC' }).getNextRunTimes(
        20,
        new Date('2026-11-01T10:00:00Z'),
      );
    expect(of('FRI-SUN')).toEqual(of('5,6,0'));
    expect(of('SUN-SAT')).toEqual(of('*'));
    expect(of('SUN-SUN#2')).toEqual(of('0#2'));
    expect(of('SUN-SUNL')).toEqual(of('0L'));
  });

  it('takes the nicknames that stand for times', () => {
    const from = new Date('2026-11-25T10:30:00Z');
    const next = (name: string) =>
      JobSchedule.custom(name, { timezone: 'UTC' }).getNextRunTime(from)?.toISOString();
    expect(next('@hourly')).toBe('2026-11-25T11:00:00.000Z');
    expect(next('@daily')).toBe('2026-11-26T00:00:00.000Z');
    expect(next('@midnight')).toBe('2026-11-26T00:00:00.000Z');
    expect(next('@weekly')).toBe('2026-11-29T00:00:00.000Z');
    expect(next('@MONTHLY')).toBe('2026-12-01T00:00:00.000Z');
    expect(next('@yearly')).toBe('2027-01-01T00:00:00.000Z');
    expect(next('@annually')).toBe('2027-01-01T00:00:00.000Z');
  });
});

describe('scheduleInput', () => {
  it.each(DICTS)('takes the wire shape of $type, also without a zone', (dict) => {
    expect(scheduleInput().parse(dict)).toEqual(dict);
    const { timezone: _, ...rest } = dict;
    expect(scheduleInput().parse(rest)).toEqual(rest);
  });

  it('refuses unknown types, unknown fields and missing ones', () => {
    expect(scheduleInput().safeParse({ type: 'sometimes' }).success).toBe(false);
    expect(scheduleInput().safeParse({ type: 'daily', time: '09:00', minute: 5 }).success).toBe(false);
    expect(scheduleInput().safeParse({ type: 'daily' }).success).toBe(false);
  });

  it('shows programs every kind, field, range and pattern as a JSON schema', () => {
    const schema = z.toJSONSchema(scheduleInput());
    const kinds = (schema.oneOf ?? schema.anyOf ?? []) as {
      properties: Record<string, Record<string, unknown>>;
    }[];
    expect(kinds.map(({ properties }) => properties['type']?.['const'])).toEqual(
      DICTS.map(({ type }) => type),
    );
    expect(kinds[1]?.properties['minute']).toMatchObject({ type: 'integer', minimum: 0, maximum: 59 });
    expect(kinds[2]?.properties['time']).toHaveProperty('pattern');
    for (const { properties } of kinds) {
      for (const [name, field] of Object.entries(properties)) {
        if (name !== 'type') expect(field).toHaveProperty('description');
      }
    }
  });
});
