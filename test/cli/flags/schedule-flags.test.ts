import { describe, expect, it } from 'vitest';
import {
  mergeScheduleFlags,
  type ScheduleFlags,
  scheduleFromFlags,
} from '../../../src/cli/flags/schedule-flags.ts';

const refusalOf = (work: () => unknown): { message: string; hint: string } => {
  try {
    work();
  } catch (error) {
    return error as { message: string; hint: string };
  }
  throw new Error('it was not refused');
};

describe('flags that make a schedule', () => {
  it.each<[ScheduleFlags, object]>([
    [
      { schedule: 'once', date: '2026-12-24', at: '18:00' },
      { type: 'once', date: '2026-12-24', time: '18:00' },
    ],
    [{ schedule: 'hourly' }, { type: 'hourly', minute: 0 }],
    [
      { schedule: 'hourly', minute: 15 },
      { type: 'hourly', minute: 15 },
    ],
    [
      { schedule: 'daily', at: '09:00', timezone: 'Asia/Tokyo' },
      { type: 'daily', time: '09:00', timezone: 'Asia/Tokyo' },
    ],
    [
      { schedule: 'weekly', day: 'mon', at: '09:00' },
      { type: 'weekly', day_of_week: 0, time: '09:00' },
    ],
    [
      { schedule: 'weekly', day: 'Sunday', at: '09:00' },
      { type: 'weekly', day_of_week: 6, time: '09:00' },
    ],
    [
      { schedule: 'weekly', day: '2', at: '09:00' },
      { type: 'weekly', day_of_week: 2, time: '09:00' },
    ],
    [
      { schedule: 'monthly', dayOfMonth: 31, at: '09:00' },
      { type: 'monthly', day_of_month: 31, time: '09:00' },
    ],
    [{ cron: '0 9 * * 1-5' }, { type: 'custom', cron_expression: '0 9 * * 1-5' }],
    [
      { schedule: 'custom', cron: '@daily' },
      { type: 'custom', cron_expression: '@daily' },
    ],
  ])('%j', (flags, schedule) => {
    expect(scheduleFromFlags(flags)).toEqual(schedule);
  });

  it('say nothing of a schedule when there are none', () => {
    expect(scheduleFromFlags({})).toBeUndefined();
  });

  it.each<[ScheduleFlags, string, string]>([
    [
      { schedule: 'weekly' },
      '--schedule weekly needs --day and --at',
      '--schedule weekly --day mon --at 09:00',
    ],
    [{ schedule: 'weekly', day: 'mon' }, '--schedule weekly needs --at', '--at 09:00'],
    [{ schedule: 'once', at: '09:00' }, 'needs --date', '--date'],
    [{ schedule: 'monthly', at: '09:00' }, 'needs --day-of-month', '--day-of-month 31'],
    [{ schedule: 'custom' }, 'needs --cron', '--cron'],
    [
      { schedule: 'daily', cron: '* * * * *', at: '09:00' },
      '--cron and --schedule daily exclude',
      'one of them',
    ],
    [
      { schedule: 'daily', at: '09:00', day: 'mon' },
      '--day does not go with --schedule daily',
      '--schedule daily --at',
    ],
    [{ cron: '* * * * *', at: '09:00' }, '--at does not go with --cron', '--cron'],
    [{ schedule: 'hourly', at: '09:00' }, '--at does not go with --schedule hourly', '--minute'],
    [{ at: '09:00' }, '--at needs --schedule', 'once|daily|weekly|monthly'],
    [{ timezone: 'Europe/Berlin' }, '--timezone needs --schedule', 'hourly'],
    [{ schedule: 'weekly', day: 'moonday', at: '09:00' }, '"moonday" is not a day', 'mon, tue'],
    [{ schedule: 'weekly', day: '7', at: '09:00' }, '"7" is not a day', '0 (Monday)'],
    [{ schedule: 'weekly', day: 't', at: '09:00' }, '"t" is not a day', 'mon, tue'],
  ])('%j are refused', (flags, message, hint) => {
    const refusal = refusalOf(() => scheduleFromFlags(flags));
    expect(refusal.message).toContain(message);
    expect(refusal.hint).toContain(hint);
  });
});

describe('flags that change a schedule', () => {
  const weekly = { type: 'weekly', day_of_week: 2, time: '09:00', timezone: 'Europe/Berlin' } as const;

  it.each<[ScheduleFlags, object]>([
    [{ at: '07:30' }, { ...weekly, time: '07:30' }],
    [{ day: 'fri' }, { ...weekly, day_of_week: 4 }],
    [{ timezone: 'Asia/Tokyo' }, { ...weekly, timezone: 'Asia/Tokyo' }],
    [{ schedule: 'daily' }, { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' }],
    [{ schedule: 'hourly' }, { type: 'hourly', minute: 0, timezone: 'Europe/Berlin' }],
    [{ cron: '5 4 * * *' }, { type: 'custom', cron_expression: '5 4 * * *', timezone: 'Europe/Berlin' }],
    [
      { schedule: 'once', date: '2026-12-24' },
      { type: 'once', date: '2026-12-24', time: '09:00', timezone: 'Europe/Berlin' },
    ],
  ])('%j keep the rest of it', (flags, schedule) => {
    expect(mergeScheduleFlags(weekly, flags)).toEqual(schedule);
  });

  it('leave it alone when there are none', () => {
    expect(mergeScheduleFlags(weekly, {})).toBeUndefined();
  });

  it('are refused where the present kind has no such part', () => {
    const daily = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;
    expect(refusalOf(() => mergeScheduleFlags(daily, { day: 'mon' })).message).toContain('--schedule daily');
    expect(refusalOf(() => mergeScheduleFlags(daily, { schedule: 'weekly' })).message).toContain(
      'needs --day',
    );
  });
});
