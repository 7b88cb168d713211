import * as z from 'zod';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { previewSchedule } from '../schedule/preview.ts';
import { scheduleInput } from '../schedule/rule.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { instantInput, parseInstant } from './instant-input.ts';
import { zoned, zonedAll } from './instants.ts';

export const previewScheduleOperation = defineOperation({
  name: 'preview_schedule',
  title: 'Preview a schedule',
  description:
    'When a schedule would run, before a job uses it: the schedule in words, its time zone and the next instants with ' +
    'their offsets. Notes mark occurrences that daylight saving shifts, skips or doubles, and days that a month lacks.',
  input: z.strictObject({
    schedule: scheduleInput,
    count: z.int().min(1).max(1000).default(5),
    from: instantInput.optional().describe('Count from this RFC 3339 instant instead of now'),
  }),
  output: z.object({
    description: z.string(),
    timezone: z.string(),
    next_runs: z.array(z.string()),
    notes: z.array(
      z.object({
        at: z.string(),
        kind: z.enum(['shifted', 'skipped', 'doubled', 'clamped', 'staggered']),
        text: z.string(),
      }),
    ),
  }),
  annotations: READ_ONLY,
  handler(workspace, { schedule: dict, count, from }) {
    const schedule = JobSchedule.fromDict({ timezone: workspace.settings.get('timezone'), ...dict });
    const preview = previewSchedule(schedule, {
      count,
      from: from === undefined ? new Date(workspace.clock.now()) : parseInstant(from, 'from'),
    });
    return {
      description: preview.description,
      timezone: preview.timezone,
      next_runs: zonedAll(preview.next_runs, preview.timezone),
      notes: preview.notes.map((note) => ({ ...note, at: zoned(note.at, preview.timezone) ?? '' })),
    };
  },
});
