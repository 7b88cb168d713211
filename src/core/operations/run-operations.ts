import * as z from 'zod';
import { isActive, isRemote } from '../model/run-record.ts';
import { runIsActive } from '../runs/run-errors.ts';
import { toRunDict } from '../runs/serialize-run.ts';
import { schedulerWarnings } from '../scheduler/scheduler-status.ts';
import { defineOperation } from './define-operation.ts';
import { findJob, findRun } from './find-or-throw.ts';
import { jobIdInput, runIdInput } from './operation-fields.ts';
import { runOutput, toRunOutput } from './run-output.ts';

export const runJob = defineOperation({
  name: 'run_job',
  title: 'Run a job now',
  description:
    'Runs a job now, whatever its schedule, with one attempt, also when it is disabled. Answers at once with the ' +
    'queued run, or, with wait_seconds, with the finished run if it ends in time; otherwise ask get_run later. While ' +
    'a run of the job has not finished: conflict with that run’s id.',
  input: () =>
    z.strictObject({
      job_id: jobIdInput(),
      wait_seconds: z.number().min(0).max(50).default(0).describe('Wait this long for its end'),
    }),
  output: () =>
    z.object({
      run: runOutput(),
      warnings: z.array(z.string()),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  errors: ['job_not_found', 'invalid_job', 'conflict'],
  async handler(workspace, { job_id, wait_seconds }, { signal, onProgress }) {
    const job = findJob(workspace, job_id);
    const { requestRun, waitForRun } = await import('../execution/request-run.ts');
    const run = await requestRun(workspace, job.id, {
      trigger: 'manual',
      maxAttempts: 1,
      requestedBy: workspace.actor,
    });
    const warnings = schedulerWarnings(workspace, job);
    if (wait_seconds === 0) return { run: toRunOutput(workspace, run), warnings };
    const waited = await waitForRun(workspace, run.runId, {
      timeoutMs: wait_seconds * 1000,
      ...(signal !== undefined && { signal }),
      ...(onProgress !== undefined && {
        onChange: (changed) => onProgress({ ...toRunDict(changed, workspace.clock.now()) }),
      }),
    });
    return { run: toRunOutput(workspace, waited), warnings };
  },
});

export const cancelRun = defineOperation({
  name: 'cancel_run',
  title: 'Cancel a run',
  description:
    'Stops a run that is queued, running or waiting for a retry, and waits until it ends. A finished run ' +
    'is answered as it is; a command that its end called and that still runs is ended. A run of a worker on another ' +
    'machine is still running in the answer while no scheduler can tell its worker; warnings say so.',
  input: () => z.strictObject({ run_id: runIdInput() }),
  output: () => z.object({ run: runOutput(), warnings: z.array(z.string()) }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['run_not_found'],
  async handler(workspace, { run_id }) {
    findRun(workspace, run_id);
    const { cancelRun: cancel } = await import('../execution/cancel-run.ts');
    const run = await cancel(workspace, run_id, workspace.actor);
    const isUntold = run.status === 'running' && isRemote(run);
    const warnings = isUntold ? [`its worker, ${run.worker}, hears of it when a scheduler runs`] : [];
    return { run: toRunOutput(workspace, run), warnings };
  },
});

export const retryRun = defineOperation({
  name: 'retry_run',
  title: 'Run an earlier run again',
  description:
    'Starts a new run of the same job with one attempt, marked as a retry of the earlier run (retry_of). The ' +
    'earlier run must have finished.',
  input: () => z.strictObject({ run_id: runIdInput() }),
  output: () => z.object({ run: runOutput() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  errors: ['run_not_found', 'job_not_found', 'invalid_job', 'conflict'],
  async handler(workspace, { run_id }) {
    const earlier = findRun(workspace, run_id);
    if (isActive(earlier.status)) throw runIsActive(earlier);
    findJob(workspace, earlier.jobId);
    const { requestRun } = await import('../execution/request-run.ts');
    const run = await requestRun(workspace, earlier.jobId, {
      trigger: 'retry',
      maxAttempts: 1,
      requestedBy: workspace.actor,
      retryOf: earlier.runId,
    });
    return { run: toRunOutput(workspace, run) };
  },
});
