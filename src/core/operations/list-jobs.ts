import * as z from 'zod';
import { JOB_STATUSES } from '../job/record.ts';
import { makeCursor, readCursor } from './cursor.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { type JobSummary, jobSummaryOutput, toJobSummary } from './job-summary.ts';

export const listJobs = defineOperation({
  name: 'list_jobs',
  title: 'List jobs',
  description:
    'Lists the scraping jobs, one summary each: schedule in words, status, last and next run. Filters combine. ' +
    'A job file that cannot be used is listed with status "invalid" and its error. Use get_job for one job in full.',
  input: z.strictObject({
    status: z.enum([...JOB_STATUSES, 'invalid']).optional(),
    config_name: z.string().optional().describe('Jobs of this configuration'),
    tag: z.string().optional().describe('Jobs that carry this tag'),
    enabled: z.boolean().optional(),
    query: z.string().optional().describe('Text within the id, configuration, description or a tag'),
    limit: z.int().min(1).max(1000).default(50),
    cursor: z.string().optional().describe('next_cursor of the previous answer'),
  }),
  output: z.object({
    jobs: z.array(jobSummaryOutput),
    total: z.int().describe('Jobs that match, over all pages'),
    next_cursor: z.string().optional(),
  }),
  annotations: READ_ONLY,
  errors: [],
  handler(workspace, input) {
    const after = input.cursor === undefined ? undefined : readCursor(input.cursor);
    const query = input.query?.toLowerCase();
    const matching = workspace.jobs.list().filter((entry) => {
      const definition = entry.kind === 'valid' ? entry.record.definition : undefined;
      const status = entry.kind === 'valid' ? entry.state.status : 'invalid';
      if (input.status !== undefined && status !== input.status) return false;
      if (input.config_name !== undefined && definition?.config_name !== input.config_name) return false;
      if (input.tag !== undefined && !definition?.tags.includes(input.tag)) return false;
      if (input.enabled !== undefined && definition?.enabled !== input.enabled) return false;
      if (query === undefined) return true;
      const texts = [entry.id, definition?.config_name, definition?.description, ...(definition?.tags ?? [])];
      return texts.some((text) => text?.toLowerCase().includes(query));
    });
    // The list is sorted by id, so a page may begin after an id that is gone by now.
    const rest = after === undefined ? matching : matching.filter((entry) => entry.id > after);
    const jobs: JobSummary[] = rest.slice(0, input.limit).map(toJobSummary);
    const last = jobs.at(-1);
    return {
      jobs,
      total: matching.length,
      ...(rest.length > jobs.length && last !== undefined && { next_cursor: makeCursor(last.job_id) }),
    };
  },
});
