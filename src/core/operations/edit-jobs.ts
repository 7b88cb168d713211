import * as z from 'zod';
import { requireChannels } from '../channels/require-channels.ts';
import { expectationWarnings } from '../configs/expectation-warnings.ts';
import { paramWarnings, requireParams } from '../configs/job-params.ts';
import { applyChanges, type ChangedField, isResuming } from '../jobs/apply-changes.ts';
import { checkRevision } from '../jobs/job-errors.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { once } from '../lib/once.ts';
import { commandWarnings } from '../model/callbacks.ts';
import { jobFields } from '../model/definition.ts';
import type { ValidJob } from '../model/job-record.ts';
import { readNotify } from '../model/notify.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { jobWarnings } from '../schedule/schedule-warnings.ts';
import { schedulerWarnings } from '../scheduler/scheduler-status.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation } from './define-operation.ts';
import { findJob, requireConfig } from './find-or-throw.ts';
import { jobOutput, toJobOutput } from './job-output.ts';
import { ifRevisionInput, jobIdInput } from './operation-fields.ts';

/**
 * The `changes` of `update_job`: every job field is optional and has no default, because an omitted field stays
 * unchanged.
 */
export const jobChangesInput = once(() =>
  z.strictObject(
    Object.fromEntries(Object.entries(jobFields().shape).map(([name, field]) => [name, toChange(field)])),
  ),
);

function toChange(field: z.ZodType): z.ZodType {
  const change = withoutDefault(field).optional();
  return field.description === undefined ? change : change.describe(field.description);
}

function withoutDefault(field: z.core.$ZodType): z.ZodType {
  return (field instanceof z.ZodDefault ? field.unwrap() : field) as z.ZodType;
}

export const updateJob = defineOperation({
  name: 'update_job',
  title: 'Change a job',
  description:
    'Changes some fields of a job. enabled=true also resumes it after failures paused it. ' +
    'if_revision (from get_job) refuses if somebody changed it meanwhile. Durations are ' +
    'in seconds.',
  input: () =>
    z.strictObject({
      job_id: jobIdInput(),
      changes: jobChangesInput().describe(
        'The fields to change and their new values; null clears one that may be empty',
      ),
      if_revision: ifRevisionInput(),
      dry_run: z.boolean().default(false).describe('Check and show only'),
    }),
  output: () =>
    z.object({
      job: jobOutput(),
      changed: z
        .array(z.string())
        .describe('The fields whose value is another now; "paused" when it was paused and is resumed'),
      warnings: z
        .array(z.string())
        .describe(
          'What makes its times wrong or keeps it from running: no scheduler, old time zone data, too long a spread',
        ),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['job_not_found', 'invalid_job', 'config_not_found', 'conflict', 'invalid_schedule'],
  async handler(workspace, { job_id, changes, if_revision, dry_run }) {
    const requested: Record<string, unknown> = { ...changes };
    const { config_name } = requested;
    if (typeof config_name === 'string' && !workspace.configs.has(config_name)) {
      findJob(workspace, job_id);
      requireConfig(workspace, config_name);
    }
    requireChannels(workspace.channels, readNotify(requested['notify']));
    if (config_name !== undefined || requested['params'] !== undefined)
      requireNewParams(workspace, findJob(workspace, job_id), requested);
    if (dry_run) {
      const job = findJob(workspace, job_id);
      return buildResult(previewUpdate(workspace, job, requested, if_revision), workspace);
    }
    try {
      const { entry, changed } = await workspace.jobs.update(job_id, requested, {
        by: workspace.actor,
        resume: requested['enabled'] === true,
        ...(if_revision !== undefined && { ifRevision: if_revision }),
      });
      return buildResult({ ...entry, changed }, workspace);
    } catch (error) {
      // This throws a better error, which reports a deleted job or the job that was meant.
      if (error instanceof QuickscrapeError && error.code === 'job_not_found') findJob(workspace, job_id);
      throw error;
    }
  },
});

export interface Updated extends Pick<ValidJob, 'record' | 'state'> {
  changed: ChangedField[];
}

function buildResult({ record, state, changed }: Updated, workspace: Workspace) {
  const { clock, paths } = workspace;
  const warnings = [
    ...jobWarnings(record.id, record.definition, clock.now()),
    ...schedulerWarnings(workspace, { record, state }),
    ...commandWarnings(record.definition, paths, changed),
    ...expectationWarnings(record.definition, workspace.configs),
    ...paramWarnings(record.definition, workspace.configs),
  ];
  return { job: toJobOutput(record, state), changed, warnings };
}

/** A job whose values do not fit any more can still be changed otherwise. */
function requireNewParams(
  { configs }: Pick<Workspace, 'configs'>,
  { record }: Pick<ValidJob, 'record'>,
  changes: Readonly<Record<string, unknown>>,
): void {
  requireParams(applyChanges(record.definition, changes, undefined).definition, configs);
}

/** Previews the changed job. */
export function previewUpdate(
  workspace: Workspace,
  job: ValidJob,
  changes: Record<string, unknown>,
  ifRevision: number | undefined,
): Updated {
  const { record, state } = job;
  checkRevision(record, ifRevision);
  const { definition, changed } = applyChanges(record.definition, changes, undefined);
  const isResumed = isResuming(state, changed, changes['enabled'] === true);
  const pausedAt = isResumed ? null : state.pausedAt;
  const next =
    definition.enabled && pausedAt === null
      ? JobSchedule.fromDict(definition.schedule).getNextRunTime(new Date(workspace.clock.now()))
      : null;
  return {
    record: { ...record, definition, revision: record.revision + (changed.length > 0 ? 1 : 0) },
    state: { ...state, pausedAt, nextRun: next?.getTime() ?? null },
    changed: isResumed ? [...changed, 'paused'] : changed,
  };
}

export const deleteJob = defineOperation({
  name: 'delete_job',
  title: 'Delete a job',
  description:
    'Deletes a job. It waits 30 days in the trash (restore_job); output files stay. While it runs: conflict ' +
    '(cancel_run). To stop it from running, disable it by update_job.',
  input: () => z.strictObject({ job_id: jobIdInput(), if_revision: ifRevisionInput() }),
  output: () => z.object({ deleted: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['job_not_found', 'invalid_job', 'conflict'],
  async handler(workspace, { job_id, if_revision }) {
    findJob(workspace, job_id);
    const deleted = await workspace.jobs.delete(job_id, {
      by: workspace.actor,
      ...(if_revision !== undefined && { ifRevision: if_revision }),
    });
    return { deleted };
  },
});

const NO_STATE =
  'An older version deleted the job and kept no state with it. Its status and failures are what its runs say; a pause after failures did not come back.';

export const restoreJob = defineOperation({
  name: 'restore_job',
  title: 'Restore a deleted job',
  description: 'Brings a deleted job back from the trash, with its runs.',
  input: () => z.strictObject({ job_id: jobIdInput() }),
  output: () =>
    z.object({
      job: jobOutput(),
      warnings: z.array(z.string()),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  errors: ['job_not_found', 'invalid_job', 'conflict'],
  async handler(workspace, { job_id }) {
    const { record, state, isStateKept } = await workspace.jobs.restore(job_id);
    return {
      job: toJobOutput(record, state),
      warnings: [
        ...(isStateKept ? [] : [NO_STATE]),
        ...(state.pausedAt === null
          ? []
          : [
              `It is paused after failures, as it was when it was deleted; ${workspace.formatHint({ id: 'resume_job', job: record.id })}`,
            ]),
      ],
    };
  },
});
