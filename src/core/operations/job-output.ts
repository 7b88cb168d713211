import * as z from 'zod';
import { once } from '../lib/once.ts';
import { JOB_STATUSES, type JobRecord, type JobState, toJobDict } from '../model/job-record.ts';
import { formatInstantOrNull } from './format-instants.ts';

/** An instant in output: RFC 3339 with the job's offset. */
export const instantOutput = once(() =>
  z.string().describe('RFC 3339 with the offset of the job’s time zone'),
);

/** A whole job: the keys of its file. Other keys are allowed, because a file may have additional fields. */
export const jobOutput = once(() =>
  z
    .looseObject({
      id: z.string(),
      config_name: z.string(),
      schedule: z.looseObject({ type: z.string(), timezone: z.string() }),
      description: z.string().nullable(),
      output_format: z.string().nullable(),
      output_path: z.string().nullable(),
      max_retries: z.int(),
      retry_delay: z.number(),
      on_success: z.union([z.string(), z.array(z.string())]).nullable(),
      on_failure: z.union([z.string(), z.array(z.string())]).nullable(),
      enabled: z.boolean(),
      status: z.enum(JOB_STATUSES),
      last_run: instantOutput().nullable(),
      next_run: instantOutput().nullable(),
      created_at: instantOutput(),
      updated_at: instantOutput(),
      tags: z.array(z.string()),
      revision: z.int(),
    })
    .describe('The job, with the field names of its file'),
);

export type JobOutput = z.output<ReturnType<typeof jobOutput>>;

/** A job as output: its file's content, with instants in the job's time zone. */
export function toJobOutput(record: JobRecord, state: JobState): JobOutput {
  const { timezone } = record.definition.schedule;
  return {
    ...toJobDict(record, state),
    last_run: formatInstantOrNull(state.lastRun, timezone),
    next_run: formatInstantOrNull(state.nextRun, timezone),
    created_at: formatInstantOrNull(record.createdAt, timezone),
    updated_at: formatInstantOrNull(record.updatedAt, timezone),
  } as JobOutput;
}
