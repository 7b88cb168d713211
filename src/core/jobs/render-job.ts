import { QuickscrapeError } from '../lib/errors.ts';
import { type JobRecord, type JobState, MAX_JOB_FILE_BYTES, toJobDict } from '../model/job-record.ts';

/** The text of a job's file. @throws QuickscrapeError `invalid_params` for one larger than a job file may be */
export function renderJob(record: JobRecord, state: JobState): string {
  const text = toJsonText(toJobDict(record, state));
  if (Buffer.byteLength(text) <= MAX_JOB_FILE_BYTES) return text;
  throw new QuickscrapeError(
    'invalid_params',
    `job ${record.id} would take more than ${MAX_JOB_FILE_BYTES} bytes`,
    {
      hint: 'Shorten its description, tags or commands.',
    },
  );
}

export function toJsonText(dict: Record<string, unknown>): string {
  return `${JSON.stringify(dict, null, 2)}\n`;
}
