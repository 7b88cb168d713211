import * as z from 'zod';
import { defineOperation } from './define-operation.ts';
import { schedulerOutput, toSchedulerOutput } from './scheduler-output.ts';

export const startScheduler = defineOperation({
  name: 'start_scheduler',
  title: 'Start the scheduler',
  description:
    'Starts the scheduler in the background; it goes on after this program has ended. Fails when one runs already.',
  input: () => z.strictObject({}),
  output: () => schedulerOutput(),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  errors: ['scheduler_already_running'],
  async handler(workspace) {
    const { startDaemon } = await import('../scheduler/control.ts');
    return toSchedulerOutput(await startDaemon(workspace));
  },
});
