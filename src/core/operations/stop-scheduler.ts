import * as z from 'zod';
import { schedulerStatus } from '../scheduler/scheduler-status.ts';
import { defineOperation } from './define-operation.ts';
import { schedulerOutput, toSchedulerOutput } from './scheduler-output.ts';

export const stopScheduler = defineOperation({
  name: 'stop_scheduler',
  title: 'Stop the scheduler',
  description:
    'Asks the scheduler to stop: it starts nothing more, waits for the runs under way (force cancels them) and ends. ' +
    'running=true in the answer: it still waits for them.',
  input: () =>
    z.strictObject({
      force: z.boolean().default(false).describe('Cancel the runs under way'),
      wait_seconds: z.number().min(0).max(86_400).default(30).describe('Wait this long for its end'),
    }),
  output: () => schedulerOutput(),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  errors: ['scheduler_not_running'],
  async handler(workspace, { force, wait_seconds }, { signal }) {
    const { requestStop } = await import('../scheduler/control.ts');
    await requestStop(workspace, { force, waitMs: wait_seconds * 1000, signal });
    return toSchedulerOutput(schedulerStatus(workspace));
  },
});
