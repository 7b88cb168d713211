import * as z from 'zod';
import {
  createHostReader,
  createStateReader,
  parseStrictFilter,
  selectJobs,
} from '../jobs/filter/select-jobs.ts';
import type { JobPage } from '../jobs/job-reader.ts';
import { foldText } from '../lib/fold-text.ts';
import { JOB_STATUSES, type JobEntry } from '../model/job-record.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { type JobSummary, jobSummaryOutput, toJobSummary } from './job-output.ts';
import { explainNoJobs } from './no-matches.ts';
import { filterInput } from './operation-fields.ts';
import { makePageCursor, readTextCursor } from './page-cursor.ts';
import { fillPage, pageLimit } from './page-room.ts';

export const listJobs = defineOperation({
  name: 'list_jobs',
  title: 'List jobs',
  description:
    'Lists jobs with schedule, status, last and next run. A job file that cannot be used has ' +
    'status invalid and its error.',
  input: () =>
    z.strictObject({
      status: z
        .enum([...JOB_STATUSES, 'invalid'])
        .optional()
        .describe('How the last run ended, also of disabled jobs; invalid: the file cannot be used'),
      config_name: z.string().optional().describe('Jobs of this configuration'),
      tag: z.string().optional().describe('Jobs that carry this tag'),
      enabled: z.boolean().optional().describe('Only enabled or only disabled ones'),
      host: z.string().min(1).optional().describe('Part of the name of a host they scrape'),
      query: z.string().optional().describe('Text within the id, configuration, description or a tag'),
      filter: filterInput().optional(),
      limit: z.int().min(1).max(1000).default(50).describe('Jobs at most'),
      cursor: z.string().optional().describe('next_cursor of the previous answer'),
    }),
  output: () =>
    z.object({
      jobs: z.array(jobSummaryOutput()),
      total: z.int().describe('Jobs that match, over all pages'),
      next_cursor: z.string().optional(),
      hint: z.string().optional().describe('Only when nothing matches: why, and what to do'),
    }),
  annotations: READ_ONLY,
  errors: [],
  handler(workspace, { limit: asked, cursor, ...filters }, { offers, room }) {
    const limit = pageLimit(asked, room);
    const after = cursor === undefined ? undefined : readTextCursor(cursor, ['jobs', filters]);
    const { entries, total, ...page } = hasFilters(filters)
      ? paginate(findJobs(workspace, filters), after, limit)
      : workspace.jobs.page(after, limit);
    const hostsOf = createHostReader(workspace.configs);
    const stateOf = createStateReader(workspace, entries);
    const jobs: JobSummary[] = fillPage(room, { total }, entries, (entry) =>
      toJobSummary(entry, { hosts: hostsOf(entry), state: stateOf(entry) }),
    );
    const left = page.left + entries.length - jobs.length;
    const last = jobs.at(-1);
    return {
      jobs,
      total,
      ...(total === 0 && { hint: explainNoJobs(workspace, filters, offers) }),
      ...(left > 0 &&
        last !== undefined && { next_cursor: makePageCursor(['jobs', filters], [last.job_id]) }),
    };
  },
});

interface Filters {
  status?: string | undefined;
  config_name?: string | undefined;
  tag?: string | undefined;
  enabled?: boolean | undefined;
  host?: string | undefined;
  query?: string | undefined;
  filter?: string | undefined;
}

function hasFilters(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

function findJobs(workspace: Workspace, { host, filter, ...filters }: Filters): JobEntry[] {
  // An invalid filter is an error also where no job passes the other ones.
  const parsed = filter === undefined ? undefined : parseStrictFilter(filter);
  const found = workspace.jobs.list().filter(createFilter(filters));
  const ofHost = host === undefined ? found : found.filter(createHostFilter(workspace, host));
  return parsed === undefined ? ofHost : selectJobs(workspace, ofHost, parsed, workspace.clock.now());
}

function createHostFilter({ configs }: Workspace, host: string): (entry: JobEntry) => boolean {
  const text = foldText(host);
  const hostsOf = createHostReader(configs);
  return (entry) => hostsOf(entry)?.some((each) => each.includes(text)) ?? false;
}

function createFilter({ status, config_name, tag, enabled, query }: Filters): (entry: JobEntry) => boolean {
  const text = query?.toLowerCase();
  return (entry) => {
    const definition = entry.kind === 'valid' ? entry.record.definition : undefined;
    if (status !== undefined && (entry.kind === 'valid' ? entry.state.status : 'invalid') !== status)
      return false;
    if (config_name !== undefined && definition?.config_name !== config_name) return false;
    if (tag !== undefined && !definition?.tags.includes(tag)) return false;
    if (enabled !== undefined && definition?.enabled !== enabled) return false;
    if (text === undefined) return true;
    const texts = [entry.id, definition?.config_name, definition?.description, ...(definition?.tags ?? [])];
    return texts.some((each) => each?.toLowerCase().includes(text));
  };
}

/** Jobs are sorted by id, so a page may begin after an id that has been deleted. */
function paginate(jobs: readonly JobEntry[], after: string | undefined, limit: number): JobPage {
  const rest = after === undefined ? jobs : jobs.filter(({ id }) => id > after);
  return { entries: rest.slice(0, limit), total: jobs.length, left: Math.max(0, rest.length - limit) };
}
