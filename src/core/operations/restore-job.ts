import * as z from 'zod';
import { defineOperation } from './define-operation.ts';
import { jobIdInput } from './id-inputs.ts';
import { jobOutput, toJobOutput } from './job-output.ts';

const NO_STATE =
  'An older version deleted the job and kept no state with it. Its status and failures are what its runs say; a pause after failures did not come back.';

export const restoreJob = defineOperation({
  name: 'restore_job',
  title: 'Restore a deleted job',
  description:
    'Brings a deleted job back from the trash, with history and state. When its id is taken by now: conflict.',
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
