import * as z from 'zod';
import { JOB_STATES, type JobDisplayState } from '../jobs/job-display-state.ts';
import { describeUnusable } from '../jobs/job-errors.ts';
import { once } from '../lib/once.ts';
import { JOB_STATUSES, type JobEntry, type JobRecord, type JobState } from '../model/job-record.ts';
import { SCHEMA_FIELD, toJobDict } from '../model/serialize-job.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { formatInstantOrNull, instantOutput } from './operation-fields.ts';

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

/** A job as output: its file's content without what is only for editors, with instants in the job's time zone. */
export function toJobOutput(record: JobRecord, state: JobState): JobOutput {
  const { timezone } = record.definition.schedule;
  const { [SCHEMA_FIELD]: _link, ...dict } = toJobDict(record, state);
  return {
    ...dict,
    last_run: formatInstantOrNull(state.lastRun, timezone),
    next_run: formatInstantOrNull(state.nextRun, timezone),
    created_at: formatInstantOrNull(record.createdAt, timezone),
    updated_at: formatInstantOrNull(record.updatedAt, timezone),
  } as JobOutput;
}

/** Why an enabled job does not run: it was paused after failures in a row (`pause_after_failures`). */
export const pausedOutput = once(() =>
  z
    .object({ since: instantOutput(), failures: z.int().describe('Failed runs in a row') })
    .nullable()
    .describe(
      'Set while it is paused after failures (pause_after_failures); update_job with enabled=true resumes it',
    ),
);

export function toPausedOutput(
  { pausedAt, failures }: JobState,
  timezone: string,
): z.output<ReturnType<typeof pausedOutput>> {
  return pausedAt === null ? null : { since: formatInstant(pausedAt, timezone), failures };
}

/** The mark of a job whose alert failed; the run's log has details and names the command. */
export const callbackFailureOutput = once(() => z.string().nullable().describe('Why its last alert failed'));

/** `2026-11-28T18:00:00.000+00:00: on_failure failed: exit code 1` */
export function toCallbackFailure(
  { callbackFailure }: Pick<JobState, 'callbackFailure'>,
  timezone: string,
): string | null {
  if (callbackFailure === null) return null;
  return `${formatInstant(callbackFailure.at, timezone)}: ${callbackFailure.message}`;
}

/** The state of a job: one word in lists, filters and the dashboard. */
export const stateOutput = once(() =>
  z
    .enum(JOB_STATES)
    .describe(
      'What it does now, or why it does nothing: the word that filter takes; failed: enabled, and its last run failed',
    ),
);

/** One row of `list_jobs`. An invalid file also has a row, with the problem in `error`. */
export const jobSummaryOutput = once(() =>
  z.object({
    job_id: z.string(),
    config_name: z.string().nullable(),
    description: z.string().nullable(),
    schedule: z.string().nullable().describe('In words, with the time zone'),
    enabled: z.boolean(),
    state: stateOutput(),
    status: z
      .enum([...JOB_STATUSES, 'invalid'])
      .describe('How its last run ended; pending: none yet. invalid: the file cannot be used, see error'),
    last_run: instantOutput().nullable(),
    next_run: instantOutput()
      .nullable()
      .describe('null when disabled or paused, or when the schedule has ended'),
    paused: pausedOutput(),
    callback_failure: callbackFailureOutput(),
    tags: z.array(z.string()),
    hosts: z.array(z.string()).describe('That its configuration names; at most three'),
    error: z.string().nullable().describe('Why the file cannot be used, with its line'),
  }),
);

export type JobSummary = z.output<ReturnType<typeof jobSummaryOutput>>;

/** A configuration may name thousands of hosts. */
const MAX_HOSTS = 3;

/** @param facts the hosts of its configuration, and its state */
export function toJobSummary(
  entry: JobEntry,
  { hosts, state: displayState }: { hosts: readonly string[] | null; state: JobDisplayState },
): JobSummary {
  if (entry.kind !== 'valid') return toUnusableSummary(entry);
  const { record, state } = entry;
  const { definition } = record;
  const { timezone } = definition.schedule;
  return {
    job_id: entry.id,
    config_name: definition.config_name,
    description: definition.description,
    schedule: JobSchedule.fromDict(definition.schedule).describe(),
    enabled: definition.enabled,
    state: displayState,
    status: state.status,
    last_run: formatInstantOrNull(state.lastRun, timezone),
    next_run: formatInstantOrNull(state.nextRun, timezone),
    paused: toPausedOutput(state, timezone),
    callback_failure: toCallbackFailure(state, timezone),
    tags: [...definition.tags],
    hosts: hosts?.slice(0, MAX_HOSTS) ?? [],
    error: null,
  };
}

function toUnusableSummary(entry: Exclude<JobEntry, { kind: 'valid' }>): JobSummary {
  return {
    job_id: entry.id,
    config_name: null,
    description: null,
    schedule: null,
    enabled: false,
    state: 'invalid',
    status: 'invalid',
    last_run: null,
    next_run: null,
    paused: null,
    callback_failure: null,
    tags: [],
    hosts: [],
    error: describeUnusable(entry),
  };
}
