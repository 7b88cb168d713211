import { formatCommandHint } from '../lib/hints.ts';
import { pluralize } from '../lib/pluralize.ts';
import { describeFailures } from '../model/describe-failures.ts';
import type { JobEntry } from '../model/job-record.ts';
import type { RunRecord } from '../model/run-record.ts';

/** Formats how a run ended, and adds that the job is paused if this run paused it. */
export function formatRunOutcome(run: RunRecord, job: JobEntry | undefined): string {
  if (run.status === 'skipped' || run.status === 'missed') return `was ${run.status}: ${run.reason ?? ''}`;
  const end = run.error
    ? `${run.status.replace('_', ' ')}: ${run.error.kind === run.status ? '' : `${run.error.kind}: `}${run.error.message}`
    : `${run.status}: ${pluralize(run.items, 'item')} from ${pluralize(run.pages, 'page')}`;
  if (job?.kind !== 'valid' || run.finishedAt === null || job.state.pausedAt !== run.finishedAt) return end;
  const failures = describeFailures(job.record.definition.pause_after_failures);
  return `${end.replace(/\.$/, '')}; after ${failures} the job is paused: ${formatCommandHint({ id: 'resume_job', job: job.id })}, or by a run asked for by hand that succeeds`;
}
