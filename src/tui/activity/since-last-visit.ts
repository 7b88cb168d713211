import { pluralize } from '../../core/lib/pluralize.ts';
import { toAuthor } from '../home/describe-author.ts';
import type { ActivityEntry } from '../home/home-data.ts';
import type { HistoryRun, JobRow } from '../home/job-row.ts';
import { hasFailed } from '../home/job-row.ts';
import { STATUS_DISPLAY } from '../theme.ts';

/** What somebody did to a job since an instant, as far as the job itself still says it. */
export function editsSince(row: JobRow, since: number): ActivityEntry[] {
  const base = { what: 'other', jobId: row.id, runId: null } as const;
  const news: ActivityEntry[] = [];
  if (row.updatedAt !== null && row.updatedAt > since) {
    const [text, by] = row.revision === 1 ? ['created', row.createdBy] : ['edited', row.updatedBy];
    news.push({ ...base, at: row.updatedAt, by: by as ActivityEntry['by'], tone: 'plain', text });
  }
  if (row.pausedAt !== null && row.pausedAt > since) {
    const text = `paused after ${pluralize(row.failures, 'failure')}`;
    news.push({ ...base, at: row.pausedAt, by: 'scheduler', tone: 'bad', text });
  }
  return news;
}

/** How a job's runs fared since an instant: that they failed, how often, and that it recovered. */
export function runsSince(row: JobRow, since: number): ActivityEntry[] {
  // Most jobs need no look at all of their runs.
  if (row.last === null || (row.last.finishedAt ?? 0) <= since) return [];
  const over = row.history.filter((run) => run.status === 'succeeded' || hasFailed(run));
  const recent = over.filter(({ finishedAt }) => finishedAt !== null && finishedAt > since);
  const failed = recent.filter(hasFailed);
  const lastFailed = failed.at(-1);
  const recovery = recent.findLast((run) => isRecovery(run, over[over.indexOf(run) - 1]));
  return [
    ...(lastFailed === undefined
      ? []
      : [failureEntry(row.id, lastFailed, describeFailures(failed, lastFailed))]),
    ...(recovery === undefined
      ? []
      : [failureEntry(row.id, recovery, `recovered: succeeded, ${pluralize(recovery.items, 'item')}`)]),
  ];
}

function isRecovery({ status }: HistoryRun, before: HistoryRun | undefined): boolean {
  return status === 'succeeded' && before !== undefined && hasFailed(before);
}

function describeFailures(failed: readonly HistoryRun[], { status, errorKind }: HistoryRun): string {
  const how =
    errorKind === null ? STATUS_DISPLAY[status].word : `${STATUS_DISPLAY[status].word}: ${errorKind}`;
  return failed.length === 1 ? how : `failed ${failed.length} times, last ${how}`;
}

function failureEntry(jobId: string, run: HistoryRun, text: string): ActivityEntry {
  const tone = run.status === 'succeeded' ? 'good' : 'bad';
  return {
    what: 'other',
    at: run.finishedAt ?? 0,
    jobId,
    runId: run.runId,
    by: toAuthor(run.requestedBy),
    tone,
    text,
  };
}
