import * as z from 'zod';
import { late } from '../lib/late-modules.ts';
import { paramValuesInput } from '../model/params.ts';
import { isActive, isRemote } from '../model/run-record.ts';
import { runIsActive } from '../runs/run-errors.ts';
import { describeStopped, listFindings } from '../runs/selector-findings.ts';
import { toRunDict } from '../runs/serialize-run.ts';
import { schedulerWarnings } from '../scheduler/scheduler-status.ts';
import { defineOperation } from './define-operation.ts';
import { findJob, findRun } from './find-or-throw.ts';
import { jobIdInput, runIdInput } from './operation-fields.ts';
import { runOutput, toRunOutput } from './run-output.ts';

const loadRequestRun = late(() => import('../execution/request-run.ts'));
const loadCancelRun = late(() => import('../execution/cancel-run.ts'));

export const runJob = defineOperation({
  name: 'run_job',
  title: 'Run a job now',
  description:
    'Runs a job once now, also a disabled one. With wait_seconds it answers with the finished run if that ' +
    'ends in time. While the job runs: conflict with that run’s id.',
  input: () =>
    z.strictObject({
      job_id: jobIdInput(),
      params: paramValuesInput().optional().describe('Values of parameters, for this run only'),
      wait_seconds: z.number().min(0).max(50).default(0).describe('Wait this long for its end'),
    }),
  output: () =>
    z.object({
      run: runOutput(),
      warnings: z.array(z.string()),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  errors: ['job_not_found', 'invalid_job', 'conflict'],
  async handler(workspace, { job_id, params, wait_seconds }, { signal, onProgress }) {
    const job = findJob(workspace, job_id);
    const { requestRun, waitForRun } = await loadRequestRun();
    const run = await requestRun(workspace, job.id, {
      trigger: 'manual',
      maxAttempts: 1,
      requestedBy: workspace.actor,
      params,
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
    const stopped = isActive(waited.status)
      ? undefined
      : describeStopped(listFindings(workspace.paths, waited.jobId, waited.runId).selectors);
    return {
      run: toRunOutput(workspace, waited),
      warnings: stopped === undefined ? warnings : [stopped, ...warnings],
    };
  },
});

export const cancelRun = defineOperation({
  name: 'cancel_run',
  title: 'Cancel a run',
  description:
    'Stops a queued, running or waiting run and waits for its end. A finished run is returned as it is, and its ' +
    'command is stopped.',
  input: () => z.strictObject({ run_id: runIdInput() }),
  output: () => z.object({ run: runOutput(), warnings: z.array(z.string()) }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['run_not_found'],
  async handler(workspace, { run_id }) {
    findRun(workspace, run_id);
    const { cancelRun: cancel } = await loadCancelRun();
    const run = await cancel(workspace, run_id, workspace.actor);
    const isUntold = run.status === 'running' && isRemote(run);
    const warnings = isUntold ? [`its worker, ${run.worker}, hears of it when a scheduler runs`] : [];
    return { run: toRunOutput(workspace, run), warnings };
  },
});

export const retryRun = defineOperation({
  name: 'retry_run',
  title: 'Run an earlier run again',
  description: 'Runs the job of a finished run once more, marked as its retry.',
  input: () => z.strictObject({ run_id: runIdInput() }),
  output: () => z.object({ run: runOutput() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  errors: ['run_not_found', 'job_not_found', 'invalid_job', 'conflict'],
  async handler(workspace, { run_id }) {
    const earlier = findRun(workspace, run_id);
    if (isActive(earlier.status)) throw runIsActive(earlier);
    findJob(workspace, earlier.jobId);
    const { requestRun } = await loadRequestRun();
    const run = await requestRun(workspace, earlier.jobId, {
      trigger: 'retry',
      maxAttempts: 1,
      requestedBy: workspace.actor,
      retryOf: earlier.runId,
      params: earlier.givenParams,
    });
    return { run: toRunOutput(workspace, run) };
  },
});
