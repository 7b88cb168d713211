import * as z from 'zod';
import { isActive } from '../model/run-record.ts';
import { runIsActive } from '../runs/run-errors.ts';
import { defineOperation } from './define-operation.ts';
import { findJob } from './find-job.ts';
import { findRun } from './find-run.ts';
import { runIdInput } from './id-inputs.ts';
import { runOutput, toRunOutput } from './run-output.ts';

export const retryRun = defineOperation({
  name: 'retry_run',
  title: 'Run an earlier run again',
  description:
    'Starts a new run of the same job with one attempt, marked as a retry of the earlier run (retry_of). The ' +
    'earlier run must be over.',
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
