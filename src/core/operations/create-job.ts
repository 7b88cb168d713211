import * as z from 'zod';
import { requireChannels } from '../channels/require-channels.ts';
import { expectationWarnings } from '../configs/expectation-warnings.ts';
import { requireParams } from '../configs/job-params.ts';
import { jobExists, requireValidJob } from '../jobs/job-errors.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { commandWarnings } from '../model/callbacks.ts';
import { changedFields, type JobDefinition, jobFields } from '../model/definition.ts';
import { makeJobId, parseName } from '../model/ids.ts';
import { type JobRecord, type JobState, SCHEMA_VERSION, type ValidJob } from '../model/job-record.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { jobWarnings } from '../schedule/schedule-warnings.ts';
import { schedulerWarnings } from '../scheduler/scheduler-status.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation } from './define-operation.ts';
import { requireConfig } from './find-or-throw.ts';
import { jobOutput, toJobOutput } from './job-output.ts';
import { formatInstants, instantOutput } from './operation-fields.ts';

export const createJob = defineOperation({
  name: 'create_job',
  title: 'Create a job',
  description:
    'Creates a job that runs a saved configuration (list_configs) on a schedule. A repeated call with ' +
    'the same fields is safe; other fields are a conflict (update_job). Durations are in seconds. Give ' +
    'timezone if the person named a place.',
  input: () =>
    jobFields().extend({
      // The default comes from a setting, so the handler must still recognize an omitted value.
      keep_runs: jobFields()
        .shape.keep_runs.unwrap()
        .optional()
        .describe('Newest runs to keep; left out: as many as the settings say'),
      job_id: z
        .string()
        .optional()
        .describe('Lower-case letters, digits, - and _; made from the configuration when left out'),
      dry_run: z.boolean().default(false).describe('Check and show only'),
    }),
  output: () =>
    z.object({
      job: jobOutput(),
      created: z.boolean().describe('false: it was there already with these fields, or dry_run'),
      would_create: z.boolean().describe('dry_run of a job that is not there: nothing was stored'),
      next_runs: z.array(instantOutput()).describe('The next three'),
      warnings: z
        .array(z.string())
        .describe(
          'What makes its times wrong or keeps it from running: no scheduler, old time zone data, too long a spread',
        ),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  errors: ['config_not_found', 'invalid_job', 'conflict', 'invalid_schedule'],
  async handler(workspace, { job_id, dry_run, ...fields }) {
    if (job_id !== undefined) parseName(job_id, 'job_id');
    const definition = workspace.jobs.resolve(fields);
    requireConfig(workspace, definition.config_name);
    requireChannels(workspace.channels, definition.notify);
    requireParams(definition, workspace.configs);
    const existing = job_id === undefined ? undefined : workspace.jobs.get(job_id);
    if (existing !== undefined)
      return buildResult(workspace, assertSameDefinition(requireValidJob(existing), definition), false);
    if (dry_run)
      return {
        ...buildResult(workspace, previewJob(workspace, definition, job_id), false),
        would_create: true,
      };
    try {
      const created = await workspace.jobs.create(
        { fields: definition, ...(job_id !== undefined && { id: job_id }) },
        workspace.actor,
      );
      return buildResult(workspace, created, true);
    } catch (error) {
      // Another process may have created the same job meanwhile.
      const concurrent = job_id === undefined ? undefined : workspace.jobs.get(job_id);
      if (concurrent?.kind !== 'valid' || !(error instanceof QuickscrapeError) || error.code !== 'conflict')
        throw error;
      return buildResult(workspace, assertSameDefinition(concurrent, definition), false);
    }
  },
});

function buildResult(
  workspace: Workspace,
  { record, state }: Pick<ValidJob, 'record' | 'state'>,
  created: boolean,
) {
  const { clock, paths } = workspace;
  const schedule = JobSchedule.fromDict(record.definition.schedule);
  return {
    job: toJobOutput(record, state),
    created,
    would_create: false,
    next_runs: record.definition.enabled
      ? formatInstants(schedule.getNextRunTimes(3), schedule.timezone)
      : [],
    warnings: [
      ...jobWarnings(record.id, record.definition, clock.now()),
      ...schedulerWarnings(workspace, { record, state }),
      ...commandWarnings(record.definition, paths),
      ...expectationWarnings(record.definition, workspace.configs),
    ],
  };
}

function assertSameDefinition(job: ValidJob, expected: JobDefinition): ValidJob {
  const differing = changedFields(job.record.definition, expected);
  if (differing.length === 0) return job;
  throw jobExists(job.id, differing);
}

/** Previews the new job. */
function previewJob(
  workspace: Workspace,
  definition: JobDefinition,
  jobId: string | undefined,
): Pick<ValidJob, 'record' | 'state'> {
  const now = workspace.clock.now();
  const record: JobRecord = {
    id: jobId ?? makeJobId(definition.config_name, (id) => workspace.jobs.get(id) !== undefined),
    definition,
    schemaVersion: SCHEMA_VERSION,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    createdBy: workspace.actor,
    updatedBy: workspace.actor,
    extra: {},
    file: '',
  };
  const next = definition.enabled
    ? JobSchedule.fromDict(definition.schedule).getNextRunTime(new Date(now))
    : null;
  const state: JobState = {
    status: 'pending',
    lastRun: null,
    lastRunId: null,
    nextRun: next?.getTime() ?? null,
    decidedUntil: now,
    failures: 0,
    pausedAt: null,
    callbackFailure: null,
  };
  return { record, state };
}
