import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { getHint } from '../lib/hints.ts';
import { truncateList } from '../lib/truncate-list.ts';
import type { JobEntry, JobRecord, ValidJob } from '../model/job-record.ts';

/** The entry, if its file is one that we may write. @throws QuickscrapeError `not_allowed` with the reason and the place */
export function assertWritable(entry: JobEntry): ValidJob {
  if (entry.kind === 'valid') return entry;
  const { id, file, reason } = entry;
  if (entry.kind === 'newer') {
    throw new QuickscrapeError('not_allowed', `job ${id} is read-only here: ${reason}`, {
      field: 'job_id',
      hint: 'Use the version that wrote it, or a newer one.',
    });
  }
  const { line, column } = entry;
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  throw new QuickscrapeError('not_allowed', `job ${id} is invalid and left as it is: ${place}: ${reason}`, {
    field: 'job_id',
    hint: 'Mend or remove the file by hand; nothing is written over what is not understood.',
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

export function checkRevision(record: JobRecord, wanted: number | undefined): void {
  if (wanted === undefined || wanted === record.revision) return;
  throw new QuickscrapeError(
    'conflict',
    `job ${record.id} is at revision ${record.revision} (by ${record.updatedBy}), not ${wanted}`,
    {
      field: 'if_revision',
      hint: `${getHint('read_again')}.`,
    },
  );
}

export function jobNotFound(id: string, ids: readonly string[]): QuickscrapeError {
  const close = closestNames(id, [...new Set(ids)]);
  return new QuickscrapeError('job_not_found', `there is no job ${JSON.stringify(id)} here`, {
    field: 'job_id',
    hint:
      close.length > 0
        ? `Did you mean ${close.join(' or ')}?`
        : 'list_jobs (quickscrape job list) shows the ids.',
  });
}

export function notInTrash(id: string, ids: readonly string[], exists: boolean): QuickscrapeError {
  const close = closestNames(id, [...new Set(ids)]);
  const there =
    close.length > 0
      ? `Did you mean ${close.join(' or ')}?`
      : ids.length > 0
        ? `There are: ${truncateList([...new Set(ids)])}.`
        : 'The trash is empty.';
  return new QuickscrapeError('job_not_found', `there is no job ${JSON.stringify(id)} in the trash`, {
    field: 'job_id',
    hint: exists ? 'It is not deleted: get_job (quickscrape job show) shows it.' : there,
  });
}

export function ambiguousId(prefix: string, ids: readonly string[]): QuickscrapeError {
  return new QuickscrapeError('conflict', `"${prefix}" fits several jobs: ${truncateList(ids)}`, {
    field: 'job_id',
    hint: 'Give more of the id.',
  });
}

export function idTaken(id: string): QuickscrapeError {
  return new QuickscrapeError('conflict', `the id "${id}" is taken`, {
    field: 'job_id',
    hint: 'Choose another id, or change the existing job.',
  });
}
