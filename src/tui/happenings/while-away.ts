import { countWords } from '../../core/count-words.ts';
import { toAuthor } from '../home/author-words.ts';
import type { Happening } from '../home/home-data.ts';
import type { HistoryRun, JobRow } from '../home/job-row.ts';
import { hasFailed } from '../home/job-row.ts';
import { FACES } from '../theme.ts';

/** What somebody did to a job since an instant, as far as the job itself still says it. */
export function editsSince(row: JobRow, since: number): Happening[] {
  const told = { what: 'other', jobId: row.id, runId: null } as const;
  const news: Happening[] = [];
  if (row.updatedAt !== null && row.updatedAt > since) {
    const [text, by] = row.revision === 1 ? ['created', row.createdBy] : ['edited', row.updatedBy];
    news.push({ ...told, at: row.updatedAt, by: by as Happening['by'], tone: 'plain', text });
  }
  if (row.pausedAt !== null && row.pausedAt > since) {
    const text = `paused after ${countWords(row.failures, 'failure')}`;
    news.push({ ...told, at: row.pausedAt, by: 'scheduler', tone: 'bad', text });
  }
  return news;
}

/** How a job's runs fared since an instant: that they failed, how often, and that it recovered. */
export function runsSince(row: JobRow, since: number): Happening[] {
  // Most jobs need no look at all of their runs.
  if (row.last === null || (row.last.finishedAt ?? 0) <= since) return [];
  const over = row.history.filter((run) => run.status === 'succeeded' || hasFailed(run));
  const recent = over.filter(({ finishedAt }) => finishedAt !== null && finishedAt > since);
  const failed = recent.filter(hasFailed);
  const lastFailed = failed.at(-1);
  const recovery = recent.findLast((run) => isRecovery(run, over[over.indexOf(run) - 1]));
  return [
    ...(lastFailed === undefined ? [] : [happening(row.id, lastFailed, failedWords(failed, lastFailed))]),
    ...(recovery === undefined
      ? []
      : [happening(row.id, recovery, `recovered: succeeded, ${countWords(recovery.items, 'item')}`)]),
  ];
}

function isRecovery({ status }: HistoryRun, before: HistoryRun | undefined): boolean {
  return status === 'succeeded' && before !== undefined && hasFailed(before);
}

function failedWords(failed: readonly HistoryRun[], { status, errorKind }: HistoryRun): string {
  const how = errorKind === null ? FACES[status].word : `${FACES[status].word}: ${errorKind}`;
  return failed.length === 1 ? how : `failed ${failed.length} times, last ${how}`;
}

function happening(jobId: string, run: HistoryRun, text: string): Happening {
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
