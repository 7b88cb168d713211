import * as z from 'zod';
import { defineOperation } from './define-operation.ts';
import { findRun } from './find-run.ts';
import { runIdInput } from './id-inputs.ts';
import { runOutput, toRunOutput } from './run-output.ts';

export const cancelRun = defineOperation({
  name: 'cancel_run',
  title: 'Cancel a run',
  description:
    'Stops a run that is queued, running or waiting for a retry, and waits until it is over. A run that is over ' +
    'already is answered as it is; a command that its end called and that still runs is ended.',
  input: () => z.strictObject({ run_id: runIdInput() }),
  output: () => z.object({ run: runOutput() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  errors: ['run_not_found'],
  async handler(workspace, { run_id }) {
    findRun(workspace, run_id);
    const { cancelRun: cancel } = await import('../execution/cancel-run.ts');
    return { run: toRunOutput(workspace, await cancel(workspace, run_id, workspace.actor)) };
  },
});
