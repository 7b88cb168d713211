import { parseStrictFilter, selectJobs } from '../jobs/filter/select-jobs.ts';
import { type ErrorDetails, QuickscrapeError } from '../lib/errors.ts';
import type { JobEntry } from '../model/job-record.ts';
import type { Workspace } from '../workspace.ts';

/** The most jobs that one call changes. */
const MAX_JOBS_AT_ONCE = 100;

interface Selection {
  job_ids?: readonly string[] | undefined;
  filter?: string | undefined;
}

/** A job to change; `entry` is missing when there is none with this id. */
export interface Target {
  id: string;
  entry: JobEntry | undefined;
}

/**
 * The jobs that a call names, each once.
 * @throws QuickscrapeError `invalid_params` for neither or both selections, an invalid filter, and too many jobs
 */
export function findTargets(workspace: Workspace, { job_ids, filter }: Selection): Target[] {
  if ((job_ids === undefined) === (filter === undefined))
    throw invalid(
      'job_ids',
      'give either job_ids or a filter',
      'list_jobs with filter shows what a filter finds.',
    );
  if (job_ids !== undefined) {
    const ids = [...new Set(job_ids)];
    if (ids.length === 0) throw invalid('job_ids', 'names no job', { id: 'list_jobs' });
    if (ids.length > MAX_JOBS_AT_ONCE)
      throw invalid(
        'job_ids',
        `${ids.length} jobs; a call changes at most ${MAX_JOBS_AT_ONCE}`,
        'Send them in several calls.',
      );
    const entries = workspace.jobs.getMany(ids);
    return ids.map((id) => ({ id, entry: entries.get(id) }));
  }
  const parsed = parseStrictFilter(filter ?? '');
  if (parsed.terms.length === 0)
    throw invalid(
      'filter',
      'is empty, so it would take every job',
      'Say which, such as host:shop.example or state:bad; !state:disabled takes all enabled ones.',
    );
  const entries = selectJobs(workspace, workspace.jobs.list(), parsed, workspace.clock.now());
  if (entries.length > MAX_JOBS_AT_ONCE)
    throw invalid(
      'filter',
      `finds ${entries.length} jobs; a call changes at most ${MAX_JOBS_AT_ONCE}`,
      'Narrow it with another term, such as host:, tag:, config: or !state:disabled, or send the ids of list_jobs in several calls.',
    );
  return entries.map((entry) => ({ id: entry.id, entry }));
}

function invalid(field: string, problem: string, hint: NonNullable<ErrorDetails['hint']>): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `${field}: ${problem}`, { field, hint });
}
