import * as z from 'zod';
import { once } from '../lib/once.ts';
import { SCHEDULE_KINDS } from './kinds.ts';

/** A schedule in the file and on the wire (docs/reference/job-file.md). */
export type ScheduleDict = Readonly<
  | { type: 'once'; date: string; time: string; timezone: string }
  | { type: 'hourly'; minute: number; timezone: string }
  | { type: 'daily'; time: string; timezone: string }
  | { type: 'weekly'; day_of_week: number; time: string; timezone: string }
  | { type: 'monthly'; day_of_month: number; time: string; timezone: string }
  | { type: 'custom'; cron_expression: string; timezone: string }
>;

// `meta` documents patterns and ranges for callers, but JobSchedule.fromDict enforces them. Its `invalid_schedule`
// errors name the field, the value and the closest valid value.
const time = () =>
  z
    .string()
    .describe('Wall-clock time in the time zone, 24 hours: HH:MM')
    .meta({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });

const timezone = () =>
  z.string().optional().describe('IANA time zone, such as Europe/Berlin; left out: as in the settings');

function wholeNumber(minimum: number, maximum: number, description: string) {
  const error = `a whole number from ${minimum} to ${maximum} (${description})`;
  return z.number({ error }).describe(description).meta({ type: 'integer', minimum, maximum });
}

/**
 * The schema of a schedule in an operation's input. It checks the shape only. `JobSchedule.fromDict` checks dates,
 * times, ranges, zones and cron expressions.
 */
export const scheduleInput = once(() =>
  z
    .discriminatedUnion(
      'type',
      [
        z.strictObject({
          type: z.literal('once'),
          date: z.string().describe('YYYY-MM-DD').meta({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
          time: time(),
          timezone: timezone(),
        }),
        z.strictObject({
          type: z.literal('hourly'),
          minute: wholeNumber(0, 59, 'Minute of every hour, 0-59').optional(),
          timezone: timezone(),
        }),
        z.strictObject({ type: z.literal('daily'), time: time(), timezone: timezone() }),
        z.strictObject({
          type: z.literal('weekly'),
          day_of_week: wholeNumber(0, 6, 'Day of the week: 0 = Monday ... 6 = Sunday'),
          time: time(),
          timezone: timezone(),
        }),
        z.strictObject({
          type: z.literal('monthly'),
          day_of_month: wholeNumber(1, 31, 'Day of the month, 1-31; a shorter month: its last day'),
          time: time(),
          timezone: timezone(),
        }),
        z.strictObject({
          type: z.literal('custom'),
          cron_expression: z
            .string()
            .describe('Five cron fields (0 = Sunday), six with seconds first, or @hourly … @yearly'),
          timezone: timezone(),
        }),
      ],
      { error: `a schedule whose type is one of ${SCHEDULE_KINDS.join(', ')}` },
    )
    .describe('When the job runs'),
);
