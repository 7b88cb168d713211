import * as z from 'zod';
import { toRunDict } from '../runs/run-dict.ts';
import { schedulerWarnings } from '../scheduler/scheduler-warnings.ts';
import { defineOperation } from './define-operation.ts';
import { findJob } from './find-job.ts';
import { jobIdInput } from './id-inputs.ts';
import { runOutput, toRunOutput } from './run-output.ts';

export const runJob = defineOperation({
  name: 'run_job',
  title: 'Run a job now',
  description:
    'Runs a job now, whatever its schedule, with one attempt, also when it is disabled. Answers at once with the ' +
    'queued run, or, with wait_seconds, with the finished run if it ends in time; otherwise ask get_run later. While ' +
    'a run of the job is not over: conflict with that run’s id.',
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
