import * as z from 'zod';
import { QuickscrapeError } from '../lib/errors.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { previewSchedule } from '../schedule/preview.ts';
import { scheduleInput } from '../schedule/rule.ts';
import { jobWarnings, zoneWarnings } from '../schedule/schedule-warnings.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { findJob } from './find-or-throw.ts';
import { undecidedSince } from './get-job.ts';
import {
  formatInstantOrNull,
  formatInstants,
  instantInput,
  jobIdInput,
  parseInstant,
} from './operation-fields.ts';

export const previewScheduleOperation = defineOperation({
  name: 'preview_schedule',
  title: 'Preview a schedule',
  description:
    'Shows when a schedule would run, in words, with notes on daylight ' +
    'saving and missing days. Give schedule, or job_id for that of a job, with its delays.',
  input: () =>
    z.strictObject({
      schedule: scheduleInput()
        .optional()
        .describe('When it would run; with job_id the schedule of the job when left out'),
      job_id: jobIdInput().optional().describe('Whose schedule, stagger and jitter'),
      count: z.int().min(1).max(1000).default(5).describe('How many times to show'),
      from: instantInput().optional().describe('Count from this RFC 3339 instant instead of now'),
    }),
  output: () =>
    z.object({
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
      warnings: z
        .array(z.string())
        .describe(
          'What makes these instants wrong or keeps some from running: time zone data out of date, a spread that is too long',
        ),
    }),
  annotations: READ_ONLY,
  errors: ['job_not_found', 'invalid_job', 'invalid_schedule'],
  handler(workspace, { schedule: dict, job_id, count, from }) {
    const found = job_id === undefined ? undefined : findJob(workspace, job_id);
    const job = found?.record;
    const wanted = dict ?? job?.definition.schedule;
    if (wanted === undefined) {
      throw new QuickscrapeError('invalid_params', 'schedule: say which schedule, or the job_id of a job', {
        field: 'schedule',
      });
    }
    const schedule = JobSchedule.fromDict({ timezone: workspace.settings.get('timezone'), ...wanted });
    const now = workspace.clock.now();
    const start = found && dict === undefined ? undecidedSince(workspace, found.state) : new Date(now);
    const preview = previewSchedule(schedule, {
      count,
      from: from === undefined ? start : parseInstant(from, 'from'),
      ...(job && { startDelay: { jobId: job.id, ...job.definition } }),
    });
    return {
      description: preview.description,
      timezone: preview.timezone,
      next_runs: formatInstants(preview.next_runs, preview.timezone),
      notes: preview.notes.map((note) => ({
        ...note,
        at: formatInstantOrNull(note.at, preview.timezone) ?? '',
      })),
      warnings: job
        ? jobWarnings(job.id, { ...job.definition, schedule: schedule.toDict() }, now)
        : zoneWarnings(preview.timezone, now),
    };
  },
});
