import { describe, expect, it } from 'vitest';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';

const berlin = { timezone: 'Europe/Berlin' };

describe('describe()', () => {
  it.each([
    [JobSchedule.once('2026-12-24', '18:00', berlin), 'once on 2026-12-24 at 18:00'],
    [JobSchedule.hourly(15, berlin), 'every hour at minute 15'],
    [JobSchedule.daily('09:00', berlin), 'every day at 09:00'],
    [JobSchedule.weekly(0, '09:00', berlin), 'every Monday at 09:00'],
    [JobSchedule.weekly(6, '23:05', berlin), 'every Sunday at 23:05'],
    [JobSchedule.monthly(1, '09:00', berlin), 'every month on day 1 at 09:00'],
    [JobSchedule.monthly(31, '09:00', berlin), "every month on day 31 at 09:00, or the month's last day"],
  ])('%# says %s', (schedule, words) => {
    expect(schedule.describe()).toBe(`${words} (Europe/Berlin)`);
  });

  it.each([
    ['0 9 * * 1-5', 'every weekday at 09:00'],
    ['0 9 * * MON-FRI', 'every weekday at 09:00'],
    ['0 0 9 * * 1-5', 'every weekday at 09:00'],
    ['0 9 * * *', 'every day at 09:00'],
    ['? ? ? ? ?', 'every minute'],
    ['5 18 * * fri', 'every Friday at 18:05'],
    ['0 9 * * 7', 'every Sunday at 09:00'],
    ['0 9 31 * *', 'every month on day 31 at 09:00, in months that have that day'],
    ['15 * * * *', 'every hour at minute 15'],
    ['@hourly', 'every hour at minute 0'],
    ['@weekly', 'every Sunday at 00:00'],
    ['@yearly', 'at 00:00, on day 1 of the month, only in January'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['*/10 * * * * *', 'every 10 seconds'],
    ['0 9,17 * * *', 'at 09:00 and 17:00'],
    ['0 9 L * *', 'at 09:00, on the last day of the month'],
    ['0 9 * * 5#L', 'at 09:00, on the last Friday of the month'],
    ['0 9 * * FRI#2', 'at 09:00, on the second Friday of the month'],
    ['0 9 L,15 * *', 'at 09:00, on day 15 and the last day of the month'],
    ['0 9 L,L * *', 'at 09:00, on the last day of the month'],
    ['0,0 9,9 * * *', 'every day at 09:00'],
    ['0,00,30 9 * * *', 'at 0 and 30 minutes past the hour, at 09:00'],
    ['0 9 * * 7,SUN,0', 'every Sunday at 09:00'],
    ['0 9 * * SUN-SUN', 'every Sunday at 09:00'],
    ['0 9 * * SUN-SUN#2', 'at 09:00, on the second Sunday of the month'],
    ['0 9 1 * */2', 'at 09:00, on day 1 of the month, or every 2 days of the week'],
    ['0 9 */2 1 1-5', 'at 09:00, every 2 days in a month, or Monday through Friday, only in January'],
    [
      '0 9 L,15 * 5L',
      'at 09:00, on day 15 and the last day of the month, or on the last Friday of the month',
    ],
    ['0 9 */1 * 5', 'at 09:00, every day, or on Friday'],
    ['0 9 1-7 * +1-5', 'at 09:00, between day 1 and 7 of the month, and only Monday through Friday'],
    ['30 17 7W,15W * *', 'at the times of the cron expression "30 17 7W,15W * *"'],
  ])('%s is %s', (expression, words) => {
    expect(JobSchedule.custom(expression, berlin).describe()).toBe(`${words} (Europe/Berlin)`);
  });

  it('says "or" where either day is enough, and "if" where both are needed', () => {
    expect(JobSchedule.custom('0 9 13 * 5', berlin).describe()).toContain(
      'on day 13 of the month, or on Friday',
    );
    expect(JobSchedule.custom('0 9 13 * +5', berlin).describe()).toContain(
      'on day 13 of the month, if it falls on Friday',
    );
  });
});
