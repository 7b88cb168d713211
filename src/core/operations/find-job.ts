import { QuickscrapeError } from '../lib/errors.ts';
import { getHint } from '../lib/hints.ts';
import type { JobEntry } from '../model/job-record.ts';
import { Trash } from '../trash/trash.ts';
import type { Workspace } from '../workspace.ts';
import { describeUnusable } from './job-summary.ts';

export type ValidJob = Extract<JobEntry, { kind: 'valid' }>;

/**
 * The job with exactly this id. Operations take whole ids: a changed or deleted job must never be a near miss.
 * @throws QuickscrapeError `job_not_found` with the closest ids, `invalid_params` when its file cannot be used.
 */
export function findJob(workspace: Workspace, jobId: string): ValidJob {
  const entry = workspace.jobs.get(jobId);
  if (entry === undefined) throw jobNotFoundError(workspace, jobId);
  return requireValidJob(entry);
}

/** @throws QuickscrapeError `invalid_params` naming file, line and reason, when the file cannot be used. */
export function requireValidJob(entry: JobEntry): ValidJob {
  if (entry.kind === 'valid') return entry;
  const position = entry.kind === 'invalid' ? entry : { line: undefined, column: undefined };
  throw new QuickscrapeError('invalid_params', describeUnusable(entry), {
    field: 'job_id',
    hint:
      entry.kind === 'newer'
        ? 'A newer version of QuickScrape Jobs wrote this job; use that version to change it.'
        : 'Fix the file in an editor; nothing here overwrites it unasked. What is wrong, and what can be fixed for you: quickscrape maintenance repair-jobs --dry-run',
    issues: [
      {
        path: '',
        message: entry.reason,
        file: entry.file,
        ...(position.line !== undefined && { line: position.line }),
        ...(position.column !== undefined && { column: position.column }),
      },
    ],
  });
}

function jobNotFoundError(workspace: Workspace, jobId: string): unknown {
  if (isInTrash(workspace, jobId)) {
    return new QuickscrapeError('job_not_found', `There is no job "${jobId}" any more: it was deleted`, {
      field: 'job_id',
      hint: `${getHint('restore_job')}.`,
    });
  }
  try {
    const near = workspace.jobs.find(jobId);
    return new QuickscrapeError('job_not_found', `There is no job "${jobId}"`, {
      field: 'job_id',
      hint: `Did you mean ${near.id}? Give the whole id.`,
    });
  } catch (error) {
    if (error instanceof QuickscrapeError && error.code === 'conflict') {
      return new QuickscrapeError('job_not_found', `There is no job "${jobId}"`, {
        field: 'job_id',
        hint: 'Several ids begin with it: list_jobs shows them.',
      });
    }
    return error;
  }
}

function isInTrash({ paths }: Workspace, jobId: string): boolean {
  try {
    return new Trash(paths.trash).newest(jobId) !== undefined;
  } catch {
    // That it is not there is true all the same.
    return false;
  }
}
