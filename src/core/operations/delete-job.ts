import * as z from 'zod';
import { defineOperation } from './define-operation.ts';
import { findJob } from './find-job.ts';
import { ifRevisionInput, jobIdInput } from './id-inputs.ts';

export const deleteJob = defineOperation({
  name: 'delete_job',
  title: 'Delete a job',
  description:
    'Deletes a job. It waits 30 days in the trash with its history, and restore_job brings it back. While a run of ' +
    'it is not over: conflict (cancel_run first). Its output files stay where they are.',
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
