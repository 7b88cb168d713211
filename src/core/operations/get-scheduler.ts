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
