import { getHint } from '../hints.ts';
import { describeFailures } from '../job/describe-failures.ts';
import type { JobEntry } from '../job/job-record.ts';
import { pluralize } from '../pluralize.ts';
import type { RunRecord } from '../run/run-record.ts';

/** How a run ended, and that its job is paused if that run made it so. */
export function formatRunOutcome(run: RunRecord, job: JobEntry | undefined): string {
  if (run.status === 'skipped' || run.status === 'missed') return `was ${run.status}: ${run.reason ?? ''}`;
  const end = run.error
    ? `${run.status.replace('_', ' ')}: ${run.error.kind === run.status ? '' : `${run.error.kind}: `}${run.error.message}`
    : `${run.status}: ${pluralize(run.items, 'item')} from ${pluralize(run.pages, 'page')}`;
  if (job?.kind !== 'valid' || run.finishedAt === null || job.state.pausedAt !== run.finishedAt) return end;
  const failures = describeFailures(job.record.definition.pause_after_failures);
  return `${end.replace(/\.$/, '')}; after ${failures} the job is paused: ${getHint('resume_job', job.id)}, or by a run asked for by hand that succeeds`;
}
