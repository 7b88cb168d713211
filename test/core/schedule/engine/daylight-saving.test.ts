import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../../../src/core/schedule/engine/instant.ts';
import { JobSchedule } from '../../../../src/core/schedule/job-schedule.ts';

const berlin = { timezone: 'Europe/Berlin' };

/** The next occurrences as the zone's clock shows them, with offset, to the minute. */
function local(schedule: JobSchedule, from: string, count: number): string[] {
  return schedule
    .getNextRunTimes(count, new Date(from))
    .map((at) => formatInstant(at, schedule.timezone).replace(':00.000', ''));
}

describe('clocks going forward', () => {
  it.each([
    ['daily', JobSchedule.daily('02:30', berlin)],
    ['weekly', JobSchedule.weekly(6, '02:30', berlin)],
    ['monthly', JobSchedule.monthly(29, '02:30', berlin)],
    ['once', JobSchedule.once('2026-03-29', '02:30', berlin)],
    ['custom', JobSchedule.custom('30 2 * * *', berlin)],
    ['a custom list', JobSchedule.custom('15,30 2 * * *', berlin)],
    ['a custom range', JobSchedule.custom('30 2-2 * * *', berlin)],
  ])('a fixed time in the gap runs at the first moment after it: %s', (_, schedule) => {
    expect(local(schedule, '2026-03-28T12:00:00Z', 1)).toEqual(['2026-03-29T03:00+02:00']);
  });

  it('two fixed times that fall together run once', () => {
    const schedule = JobSchedule.custom('0 2,3,4 * * *', berlin);
    expect(local(schedule, '2026-03-29T00:00:00Z', 2)).toEqual([
      '2026-03-29T03:00+02:00',
      '2026-03-29T04:00+02:00',
    ]);
  });

  it('elapsed time has nothing inside the gap', () => {
    const expected = ['2026-03-29T01:30+01:00', '2026-03-29T03:30+02:00'];
    expect(local(JobSchedule.hourly(30, berlin), '2026-03-29T00:00:00Z', 2)).toEqual(expected);
    expect(local(JobSchedule.custom('*/20 2 * * *', berlin), '2026-03-29T00:00:00Z', 1)).toEqual([
      '2026-03-30T02:00+02:00',
    ]);
  });

  it('a gap that ends at the next day’s midnight shifts to it as crond does, where croner 11 skips', () => {
    const nuuk = { timezone: 'America/Nuuk' };
    const expected = ['2026-03-27T23:30-02:00', '2026-03-29T00:00-01:00', '2026-03-29T23:30-01:00'];
    expect(local(JobSchedule.custom('30 23 * * *', nuuk), '2026-03-27T12:00:00Z', 3)).toEqual(expected);
    expect(local(JobSchedule.custom('30 23 * * 6', nuuk), '2026-03-27T12:00:00Z', 1)).toEqual([
      '2026-03-29T00:00-01:00',
    ]);
    expect(local(JobSchedule.once('2026-03-28', '23:30', nuuk), '2026-03-27T12:00:00Z', 1)).toEqual([
      '2026-03-29T00:00-01:00',
    ]);
  });

  it('a gap that begins at midnight shifts to its end', () => {
    const cairo = { timezone: 'Africa/Cairo' };
    expect(local(JobSchedule.daily('00:00', cairo), '2026-04-23T12:00:00Z', 1)).toEqual([
      '2026-04-24T01:00+03:00',
    ]);
  });
});

describe('clocks going back', () => {
  it.each([
    ['daily', JobSchedule.daily('02:30', berlin)],
    ['weekly', JobSchedule.weekly(6, '02:30', berlin)],
    ['custom', JobSchedule.custom('30 2 * * *', berlin)],
  ])('a fixed time that comes twice runs once, the first time: %s', (_, schedule) => {
    const [first, second] = local(schedule, '2026-10-24T12:00:00Z', 2);
    expect(first).toBe('2026-10-25T02:30+02:00');
    expect(second).toMatch(/^2026-(10-26|11-01)T02:30\+01:00$/);
  });

  it('a fixed time does not run again when asked for between its two passes', () => {
    const schedule = JobSchedule.daily('02:30', berlin);
    for (const from of [
      '2026-10-25T00:30:00Z',
      '2026-10-25T00:45:00Z',
      '2026-10-25T01:10:00Z',
      '2026-10-25T01:29:59Z',
    ]) {
      expect(local(schedule, from, 1)).toEqual(['2026-10-26T02:30+01:00']);
    }
    expect(
      JobSchedule.once('2026-10-25', '02:30', berlin).getNextRunTime(new Date('2026-10-25T00:30:00Z')),
    ).toBeNull();
  });

  it('elapsed time runs in both passes', () => {
    const expected = [
      '2026-10-25T01:30+02:00',
      '2026-10-25T02:30+02:00',
      '2026-10-25T02:30+01:00',
      '2026-10-25T03:30+01:00',
    ];
    expect(local(JobSchedule.hourly(30, berlin), '2026-10-24T23:00:00Z', 4)).toEqual(expected);
  });

  it('elapsed time runs in the second pass also when nothing else follows for a year', () => {
    const schedule = JobSchedule.custom('*/30 2 25 10 *', berlin);
    expect(local(schedule, '2026-10-25T00:50:00Z', 2)).toEqual([
      '2026-10-25T02:00+01:00',
      '2026-10-25T02:30+01:00',
    ]);
  });

  it('half an hour back repeats half an hour only', () => {
    const howe = { timezone: 'Australia/Lord_Howe' };
    const expected = ['2026-04-05T01:45+11:00', '2026-04-05T01:45+10:30', '2026-04-05T02:45+10:30'];
    expect(local(JobSchedule.hourly(45, howe), '2026-04-04T14:00:00Z', 3)).toEqual(expected);
  });
});

describe('the end of the month', () => {
  const days = (schedule: JobSchedule, count: number) =>
    local(schedule, '2026-12-31T12:00:00Z', count).map((text) => text.slice(5, 10));

  it('monthly runs every month, on the last day where the day is lacking', () => {
    expect(days(JobSchedule.monthly(31, '09:00', berlin), 5)).toEqual([
      '01-31',
      '02-28',
      '03-31',
      '04-30',
      '05-31',
    ]);
    expect(days(JobSchedule.monthly(30, '09:00', berlin), 4)).toEqual(['01-30', '02-28', '03-30', '04-30']);
    expect(days(JobSchedule.monthly(29, '09:00', berlin), 3)).toEqual(['01-29', '02-28', '03-29']);
    expect(local(JobSchedule.monthly(30, '09:00', berlin), '2028-02-01T00:00:00Z', 1)).toEqual([
      '2028-02-29T09:00+01:00',
    ]);
  });

  it('custom skips the months that lack the day', () => {
    expect(days(JobSchedule.custom('0 9 31 * *', berlin), 4)).toEqual(['01-31', '03-31', '05-31', '07-31']);
  });
});

describe('where we differ from crond', () => {
  it('a step in the seconds follows elapsed time: nothing in the gap, and the hour that comes twice twice', () => {
    const schedule = JobSchedule.custom('*/30 0 2 * * *', berlin);
    expect(local(schedule, '2026-03-28T12:00:00Z', 1)).toEqual(['2026-03-30T02:00+02:00']);
    const times = schedule.getNextRunTimes(5, new Date('2026-10-24T12:00:00Z'));
    expect(times.map((at) => at.toISOString().slice(8, 19))).toEqual([
      ...['25T00:00:00', '25T00:00:30', '25T01:00:00', '25T01:00:30', '26T01:00:00'],
    ]);
  });

  it('a step in a day field restricts it, so that either day field matches', () => {
    const schedule = JobSchedule.custom('0 9 1 * */2', { timezone: 'UTC' });
    const days = schedule.getNextRunTimes(5, new Date('2026-03-30T12:00:00Z'));
    // Tuesday, Wednesday the 1st, Thursday, Saturday, Sunday.
    expect(days.map((at) => at.toISOString().slice(5, 10))).toEqual([
      ...['03-31', '04-01', '04-02', '04-04', '04-05'],
    ]);
  });
});
