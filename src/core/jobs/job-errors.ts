import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { HintPart } from '../lib/hints.ts';
import { describeUpgrade } from '../lib/installation.ts';
import { truncateList } from '../lib/text.ts';
import type { JobEntry, JobRecord, ValidJob } from '../model/job-record.ts';

type UnusableJob = Exclude<JobEntry, { kind: 'valid' }>;

/** Returns the entry if its file is valid. @throws QuickscrapeError `invalid_job` with file, line and reason */
export function requireValidJob(entry: JobEntry): ValidJob {
  if (entry.kind === 'valid') return entry;
  const { id, file, reason } = entry;
  const { line, column } = entry.kind === 'invalid' ? entry : { line: undefined, column: undefined };
  throw new QuickscrapeError('invalid_job', `job ${id} cannot be used: ${describeUnusable(entry)}`, {
    field: 'job_id',
    hint:
      entry.kind === 'newer'
        ? `A newer version of QuickScrape Jobs wrote this job. ${describeUpgrade()}`
        : { id: 'fix_job_file' },
    issues: [
      {
        path: '',
        message: reason,
        file,
        ...(line !== undefined && { line }),
        ...(column !== undefined && { column }),
      },
    ],
  });
}

/** Describes where and why a job file is invalid: `jobs/news.json:3:12: …`. */
export function describeUnusable(entry: UnusableJob): string {
  const line = entry.kind === 'invalid' && entry.line !== undefined ? `:${entry.line}` : '';
  const column =
    line !== '' && entry.kind === 'invalid' && entry.column !== undefined ? `:${entry.column}` : '';
  return `${entry.file}${line}${column}: ${entry.reason}`;
}

export function checkRevision(record: JobRecord, wanted: number | undefined): void {
  if (wanted === undefined || wanted === record.revision) return;
  throw new QuickscrapeError(
    'conflict',
    `job ${record.id} is at revision ${record.revision} (by ${record.updatedBy}), not ${wanted}`,
    { field: 'if_revision', hint: { id: 'read_job_again', job: record.id } },
  );
}

/** @param ids the ids of all jobs */
export function jobNotFound(id: string, ids: readonly string[]): QuickscrapeError {
  const close = closestNames(id, [...new Set(ids)]);
  return new QuickscrapeError('job_not_found', `there is no job ${JSON.stringify(id)}`, {
    field: 'job_id',
    hint: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : { id: 'list_jobs' },
  });
}

/** The error for a call that needs a whole id but received a prefix of the ids `matching`. */
export function wholeIdNeeded(prefix: string, matching: readonly string[]): QuickscrapeError {
  return new QuickscrapeError('job_not_found', `there is no job ${JSON.stringify(prefix)}`, {
    field: 'job_id',
    hint:
      matching.length === 1
        ? `Did you mean ${matching[0]}? Give the whole id.`
        : [`Several ids begin with it: ${truncateList(matching)}.`, 'Give the whole id.'],
  });
}

export function jobDeleted(id: string): QuickscrapeError {
  return new QuickscrapeError('job_not_found', `there is no job ${JSON.stringify(id)}: it was deleted`, {
    field: 'job_id',
    hint: { id: 'restore_job', job: id },
  });
}

/** @param ids the ids in the trash @param exists whether a job with this id exists that was not deleted */
export function notInTrash(id: string, ids: readonly string[], exists: boolean): QuickscrapeError {
  const close = closestNames(id, [...new Set(ids)]);
  const deleted: HintPart[] =
    close.length > 0
      ? [`Did you mean ${close.join(' or ')}?`, { id: 'list_deleted_jobs' }]
      : ids.length > 0
        ? [`There are: ${truncateList([...new Set(ids)])}.`]
        : ['The trash is empty.'];
  return new QuickscrapeError('job_not_found', `there is no job ${JSON.stringify(id)} in the trash`, {
    field: 'job_id',
    hint: exists ? ['The job is there and was not deleted.', { id: 'show_job', job: id }] : deleted,
  });
}

export function ambiguousId(prefix: string, ids: readonly string[]): QuickscrapeError {
  return new QuickscrapeError('conflict', `"${prefix}" fits several jobs: ${truncateList(ids)}`, {
    field: 'job_id',
    hint: 'Give more of the id.',
  });
}

/** @param differing the fields in which the existing job differs from the requested one */
export function jobExists(id: string, differing: readonly string[] = []): QuickscrapeError {
  const difference = differing.length === 0 ? '' : `, with other values of ${differing.join(', ')}`;
  return new QuickscrapeError('conflict', `there is a job "${id}" already${difference}`, {
    field: 'job_id',
    hint: { id: 'change_job_instead', job: id },
  });
}

/** The error when a deleted job cannot be restored because another job has its id. */
export function jobMadeAgain(id: string): QuickscrapeError {
  return new QuickscrapeError('conflict', jobExists(id).message, {
    field: 'job_id',
    hint: ['It was made after the other one was deleted.', { id: 'show_job', job: id }],
  });
}
