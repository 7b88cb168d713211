import * as z from 'zod';
import { upcoming } from '../schedule/job-schedule.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { explainJob } from './explain-job.ts';
import { formatInstants } from './format-instants.ts';
import { collectJobFacts, findJobExplained, undecidedSince } from './job-facts.ts';
import { instantOutput, jobOutput, toJobOutput } from './job-output.ts';
import { callbackFailureOutput, pausedOutput, toCallbackFailure, toPausedOutput } from './job-summary.ts';
import { jobIdInput } from './operation-inputs.ts';
import { runOutput, toRunOutputs } from './run-output.ts';

export const getJob = defineOperation({
  name: 'get_job',
  title: 'Show a job',
  description:
    'One job in full: every field, its revision (needed for if_revision), its next five run times, its last five runs, ' +
    'and why it does or does not run.',
  input: () => z.strictObject({ job_id: jobIdInput() }),
  output: () =>
    z.object({
      job: jobOutput(),
      paused: pausedOutput(),
      callback_failure: callbackFailureOutput(),
      next_runs: z.array(instantOutput()).describe('The next five; empty when the job is disabled or paused'),
      explanation: z
        .array(z.string())
        .describe('First what happens next, or why nothing does; then what became of the last occurrences'),
      recent_runs: z.array(runOutput()).describe('The last five, newest first'),
    }),
  annotations: READ_ONLY,
  errors: ['job_not_found', 'invalid_job'],
  handler(workspace, { job_id }) {
    const job = findJobExplained(workspace, job_id);
    const { record, state } = job;
    const { schedule, enabled } = record.definition;
    const { summary, reasons } = explainJob(collectJobFacts(workspace, job), workspace.formatHint);
    const from = undecidedSince(workspace, state).getTime();
    return {
      job: toJobOutput(record, state),
      paused: toPausedOutput(state, schedule.timezone),
      callback_failure: toCallbackFailure(state, schedule.timezone),
      next_runs:
        enabled && state.pausedAt === null
          ? formatInstants(upcoming(schedule, from, 5), schedule.timezone)
          : [],
      explanation: [summary, ...reasons],
      recent_runs: toRunOutputs(workspace, workspace.runs.newestForJob(job_id, 5)),
    };
  },
});
