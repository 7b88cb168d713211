import { QuickscrapeError } from '../errors.ts';
import { type JobRecord, type JobState, toJobDict } from '../job/record.ts';
import { LARGEST_JOB_FILE } from './job-version.ts';

/** The text of a job's file. @throws QuickscrapeError `invalid_params` for one larger than a job file may be */
export function renderJob(record: JobRecord, state: JobState): string {
  const text = textOf(toJobDict(record, state));
  if (Buffer.byteLength(text) <= LARGEST_JOB_FILE) return text;
  throw new QuickscrapeError(
    'invalid_params',
    `job ${record.id} would take more than ${LARGEST_JOB_FILE} bytes`,
    {
      hint: 'Shorten its description, tags or commands.',
    },
  );
}

export function textOf(dict: Record<string, unknown>): string {
  return `${JSON.stringify(dict, null, 2)}\n`;
}
