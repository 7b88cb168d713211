import type { JobEntry } from '../job/record.ts';
import type { RunRecord } from '../run/record.ts';

/** How a run ended, and that its job is paused if that run made it so. */
export function endInWords(run: RunRecord, job: JobEntry | undefined): string {
  const end = run.error
    ? `${run.status.replace('_', ' ')}: ${run.error.kind}: ${run.error.message}`
    : `${run.status}: ${run.items} items from ${run.pages} pages`;
  if (job?.kind !== 'valid' || run.finishedAt === null || job.state.pausedAt !== run.finishedAt) return end;
  const { pause_after_failures: number } = job.record.definition;
  const many = number === 1 ? 'a failure' : `${number} failures in a row`;
  return `${end}; after ${many} the job is paused: it goes on with quickscrape job update ${job.id} --enable, or when a run asked for by hand succeeds`;
}
