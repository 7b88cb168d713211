import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';
import { scheduleFromText } from '../../../src/core/schedule/schedule-from-text.ts';

const cron = (cron_expression: string) => ({ type: 'custom', cron_expression });

it.each([
  ['0 9 * * *', cron('0 9 * * *')],
  [' */15 * * * * ', cron('*/15 * * * *')],
  ['@daily', cron('@daily')],
  ['hourly', { type: 'hourly', minute: 0 }],
  ['every day at 9', { type: 'daily', time: '09:00' }],
  ['Daily at 18:30', { type: 'daily', time: '18:30' }],
  ['every day at 12 am', { type: 'daily', time: '00:00' }],
  ['every day at 9pm', { type: 'daily', time: '21:00' }],
  ['every monday at 7.05', { type: 'weekly', day_of_week: 0, time: '07:05' }],
  ['Sundays at 8', { type: 'weekly', day_of_week: 6, time: '08:00' }],
  ['every 15 minutes', cron('*/15 * * * *')],
  ['every 6 hours', cron('0 */6 * * *')],
  ['every 7 minutes', undefined],
  ['every day at 25', undefined],
  ['every day at 13 pm', undefined],
  ['now and then', undefined],
  ['', undefined],
])('%j means %j', (text, schedule) => {
  expect(scheduleFromText(text)).toEqual(schedule);
});

it('gives only schedules that can be used, whatever the text', () => {
  const words = fc.constantFrom(
    'every',
    'day',
    'at',
    '9',
    '12',
    'am',
    'pm',
    '*/5',
    '*',
    'monday',
    'minutes',
    '@hourly',
    '60',
    '99',
    ':30',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 7 }).map((all) => all.join(' ')),
      ),
      (text) => {
        const schedule = scheduleFromText(text);
        if (schedule !== undefined) JobSchedule.fromDict({ ...schedule, timezone: 'UTC' } as never);
      },
    ),
  );
});
