import * as z from 'zod';
import { RUN_STATUSES } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { findJob } from './find-job.ts';
import { instantInput, parseInstant } from './instant-input.ts';
import { runOutput, toRunOutputs } from './run-output.ts';

export const listRuns = defineOperation({
  name: 'list_runs',
  title: 'List runs',
  description:
    'The history and the queue, newest first, of one job or of all. Filters combine. Runs of a deleted job are kept. ' +
    'Use get_run for the attempts, the log and sample items of one.',
  input: () =>
    z.strictObject({
      job_id: z.string().optional().describe('Runs of this job'),
      status: z.enum(RUN_STATUSES).optional().describe('Runs with this status'),
      since: instantInput().optional().describe('Runs queued at or after this RFC 3339 instant'),
      limit: z.int().min(1).max(1000).default(20).describe('Runs at most'),
      cursor: z.string().optional().describe('next_cursor of the previous answer'),
    }),
  output: () =>
    z.object({
      runs: z.array(runOutput()),
      total: z.int().describe('Runs that match, over all pages'),
      next_cursor: z.string().optional(),
    }),
  annotations: READ_ONLY,
  errors: ['job_not_found'],
  handler(workspace, { job_id, status, since, limit, cursor }) {
    const page = workspace.runs.list({
      jobId: job_id,
      status,
      since: since === undefined ? undefined : parseInstant(since, 'since').getTime(),
      limit,
      cursor,
    });
    if (page.total === 0 && job_id !== undefined && !isKnown(workspace, job_id)) findJob(workspace, job_id);
    return {
      runs: toRunOutputs(workspace, page.runs),
      total: page.total,
      ...(page.nextCursor !== undefined && { next_cursor: page.nextCursor }),
    };
  },
});

/** Somebody who mistypes an id must not take it for a job that never ran. */
function isKnown({ jobs, runs }: Workspace, jobId: string): boolean {
  return jobs.get(jobId) !== undefined || runs.newestForJob(jobId, 1).length > 0;
}
