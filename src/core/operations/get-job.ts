import * as z from 'zod';
import { explainJob } from '../job/explain.ts';
import { upcoming } from '../schedule/upcoming.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { zonedAll } from './instants.ts';
import { factsOf, findExplained, undecidedFrom } from './job-facts.ts';
import { jobIdInput } from './job-id-input.ts';
import { instantOutput, jobOutput, toJobOutput } from './job-output.ts';
import { pausedOutput, toPaused } from './job-summary.ts';
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
      next_runs: z.array(instantOutput()).describe('The next five; empty when the job is disabled or paused'),
      explanation: z
        .array(z.string())
        .describe('First what happens next, or why nothing does; then what became of the last occurrences'),
      recent_runs: z.array(runOutput()).describe('The last five, newest first'),
    }),
  annotations: READ_ONLY,
  errors: ['job_not_found'],
  handler(workspace, { job_id }) {
    const job = findExplained(workspace, job_id);
    const { record, state } = job;
    const { summary, reasons } = explainJob(factsOf(workspace, job));
    const { schedule, enabled } = record.definition;
    const from = undecidedFrom(workspace, state).getTime();
    return {
      job: toJobOutput(record, state),
      paused: toPaused(state, schedule.timezone),
      next_runs:
        enabled && state.pausedAt === null ? zonedAll(upcoming(schedule, from, 5), schedule.timezone) : [],
      explanation: [summary, ...reasons],
      recent_runs: toRunOutputs(workspace, workspace.runs.newestOf(job_id, 5)),
    };
  },
});
