import * as z from 'zod';
import { schedulerStatus } from '../scheduler/scheduler-status.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { schedulerOutput, toSchedulerOutput } from './scheduler-output.ts';

export const getScheduler = defineOperation({
  name: 'get_scheduler',
  title: 'Scheduler status',
  description:
    'Whether the scheduler runs (jobs start by themselves only then), its slots, the queue and the next run.',
  input: () => z.strictObject({}),
  output: () => schedulerOutput(),
  annotations: READ_ONLY,
  errors: [],
  handler: (workspace) => toSchedulerOutput(schedulerStatus(workspace)),
});

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

export const stopScheduler = defineOperation({
  name: 'stop_scheduler',
  title: 'Stop the scheduler',
  description:
    'Asks the scheduler to stop: it starts nothing more, waits for the active runs (force cancels them) and ends. ' +
    'running=true in the answer: it still waits for them.',
  input: () =>
    z.strictObject({
      force: z.boolean().default(false).describe('Cancel the active runs'),
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
