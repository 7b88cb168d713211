import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatInstant } from '../../../src/core/schedule/engine/instant.ts';
import { JobSchedule, upcomingRunTimes } from '../../../src/core/schedule/job-schedule.ts';
import type { ScheduleDict } from '../../../src/core/schedule/rule.ts';

const START = Date.parse('2026-03-28T22:00:00Z');
const HOUR = 3_600_000;

const schedules: ScheduleDict[] = [
  { type: 'custom', cron_expression: '*/20 * * * *', timezone: 'Europe/Berlin' },
  { type: 'daily', time: '02:30', timezone: 'Europe/Berlin' },
  { type: 'once', date: '2026-03-29', time: '12:00', timezone: 'UTC' },
];

it.each(schedules)(
  'the next occurrences of %j are those of the schedule after any earlier questions',
  (dict) => {
    const asked = fc.record({
      hours: fc.integer({ min: 0, max: 60 }),
      minutes: fc.integer({ min: 0, max: 59 }),
      count: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 20 }), (questions) => {
        const shared = { ...dict };
        for (const { hours, minutes, count } of questions) {
          const after = START + hours * HOUR + minutes * 60_000;
          const right = JobSchedule.fromDict(dict).getNextRunTimes(count, new Date(after));
          expect([...upcomingRunTimes(shared, after, count)]).toEqual(right.map((time) => time.getTime()));
        }
      }),
      { numRuns: 50 },
    );
  },
);

it('an occurrence is not ahead of itself', () => {
  const hourly: ScheduleDict = { type: 'hourly', minute: 0, timezone: 'UTC' };
  const [first = 0] = upcomingRunTimes(hourly, START, 3);
  expect(upcomingRunTimes(hourly, first, 1)).toEqual([first + HOUR]);
  expect(upcomingRunTimes(hourly, first - 1, 1)).toEqual([first]);
});

it('an instant has its own offset, also when one just beside it was shown before', () => {
  const before = Date.parse('2026-03-29T00:59:59.999Z');
  for (const _ of [1, 2]) {
    expect(formatInstant(before, 'Europe/Berlin')).toBe('2026-03-29T01:59:59.999+01:00');
    expect(formatInstant(before + 1, 'Europe/Berlin')).toBe('2026-03-29T03:00:00.000+02:00');
    expect(formatInstant(before, 'UTC')).toBe('2026-03-29T00:59:59.999+00:00');
  }
  // Liberia's clocks were 44 minutes and 30 seconds behind until 1972: its change fell within a minute.
  expect(formatInstant(Date.parse('1972-01-07T00:44:29Z'), 'Africa/Monrovia')).toMatch(/-00:4[45]$/);
  expect(formatInstant(Date.parse('1972-01-07T00:44:30Z'), 'Africa/Monrovia')).toMatch(/\+00:00$/);
});
