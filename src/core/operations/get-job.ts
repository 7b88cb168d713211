import * as z from 'zod';
import { upcoming } from '../schedule/upcoming.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { explainJob } from './explain-job.ts';
import { explanationValidUntil } from './explanation-expiry.ts';
import { formatInstants } from './format-instants.ts';
import { jobIdInput } from './id-inputs.ts';
import { collectJobFacts, findJobExplained, undecidedSince } from './job-facts.ts';
import { instantOutput, jobOutput, toJobOutput } from './job-output.ts';
import { type JobResult, JobResultCache } from './job-result-cache.ts';
import { callbackFailureOutput, pausedOutput, toCallbackFailure, toPausedOutput } from './job-summary.ts';
import { runOutput, toRunOutputs } from './run-output.ts';

const output = () =>
  z.object({
    job: jobOutput(),
    paused: pausedOutput(),
    callback_failure: callbackFailureOutput(),
    next_runs: z.array(instantOutput()).describe('The next five; empty when the job is disabled or paused'),
    explanation: z
      .array(z.string())
      .describe('First what happens next, or why nothing does; then what became of the last occurrences'),
    recent_runs: z.array(runOutput()).describe('The last five, newest first'),
  });

type GetJobOutput = z.output<ReturnType<typeof output>>;

export const getJob = defineOperation({
  name: 'get_job',
  title: 'Show a job',
  description:
    'One job in full: every field, its revision (needed for if_revision), its next five run times, its last five runs, ' +
    'and why it does or does not run.',
  input: () => z.strictObject({ job_id: jobIdInput() }),
  output,
  annotations: READ_ONLY,
  errors: ['job_not_found'],
  readCache: (workspace, { job_id }) => getCache(workspace).read(workspace, job_id),
  handler: (workspace, { job_id }) =>
    getCache(workspace).build(workspace, job_id, () => buildResult(workspace, job_id)),
});

/** Of each home that is open. */
const caches = new WeakMap<Workspace, JobResultCache<GetJobOutput>>();

function getCache(workspace: Workspace): JobResultCache<GetJobOutput> {
  const cache = caches.get(workspace) ?? new JobResultCache();
  caches.set(workspace, cache);
  return cache;
}

function buildResult(workspace: Workspace, jobId: string): JobResult<GetJobOutput> {
  const job = findJobExplained(workspace, jobId);
  const { record, state } = job;
  const facts = collectJobFacts(workspace, job);
  const { summary, reasons } = explainJob(facts);
  const { schedule, enabled, config_name } = record.definition;
  const from = undecidedSince(workspace, state).getTime();
  const answer = {
    job: toJobOutput(record, state),
    paused: toPausedOutput(state, schedule.timezone),
    callback_failure: toCallbackFailure(state, schedule.timezone),
    next_runs:
      enabled && state.pausedAt === null
        ? formatInstants(upcoming(schedule, from, 5), schedule.timezone)
        : [],
    explanation: [summary, ...reasons],
    recent_runs: toRunOutputs(workspace, workspace.runs.newestForJob(jobId, 5)),
  };
  const firstUndecided =
    facts.scheduler.state === 'off' ? upcoming(schedule, state.watermark, 1)[0] : undefined;
  return {
    answer,
    configName: config_name,
    hasConfig: facts.missingConfig === undefined,
    // An edit by hand that could not be noted yet is noted by the next call.
    until: job.unnoticed === undefined ? explanationValidUntil(facts, firstUndecided) : facts.now,
  };
}
