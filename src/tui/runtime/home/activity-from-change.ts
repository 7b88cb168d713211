import { pluralize } from '../../../core/lib/text.ts';
import { changedFields, type JobDefinition } from '../../../core/model/definition.ts';
import { describeErrorKind } from '../../../core/model/describe-error-kind.ts';
import type { RunStatus } from '../../../core/model/run-record.ts';
import type { HistoryRun } from '../../../core/runs/last-run.ts';
import { type ActivityEntry, type Author, toAuthor } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { RowChange } from './home-cache.ts';

/**
 * Returns the events of a job between two readings; none when only counts have changed.
 * @param deletedBy returns the author of a deletion
 */
export function activityFromChange(
  { id: jobId, before, now }: RowChange,
  at: number,
  deletedBy: (jobId: string) => Author,
): ActivityEntry[] {
  if (before === undefined && now === undefined) return [];
  const createEntry = (text: string, by: Author, tone: ActivityEntry['tone'] = 'plain'): ActivityEntry => ({
    what: 'other',
    at,
    jobId,
    runId: null,
    by,
    tone,
    text,
  });
  if (now === undefined) return [{ ...createEntry('deleted', deletedBy(jobId)), what: 'deleted' }];
  if (before === undefined) {
    return [
      now.error === null
        ? { ...createEntry('created', now.createdBy), what: 'created' }
        : createEntry(`appeared: ${now.error}`, null, 'bad'),
    ];
  }
  return [...definitionActivity(before, now, createEntry), ...runActivity(before, now, at)];
}

type CreateEntry = (text: string, by: Author, tone?: ActivityEntry['tone']) => ActivityEntry;

function definitionActivity(before: JobRow, now: JobRow, createEntry: CreateEntry): ActivityEntry[] {
  if (now.error !== null) {
    return now.error === before.error
      ? []
      : [createEntry(`can no longer be used: ${now.error}`, 'hand', 'bad')];
  }
  if (before.definition === null || now.definition === null)
    return [createEntry('can be used again', now.updatedBy, 'good')];
  const paused: ActivityEntry[] =
    before.pausedAt === null && now.pausedAt !== null
      ? [createEntry(`paused after ${pluralize(now.failures, 'failure')}`, 'scheduler', 'bad')]
      : before.pausedAt !== null && now.pausedAt === null && now.state !== 'disabled'
        ? [createEntry('resumed', now.revision === before.revision ? null : now.updatedBy)]
        : [];
  if (now.revision === before.revision) return paused;
  return [createEntry(describeEdit(before.definition, now.definition), now.updatedBy), ...paused];
}

function describeEdit(before: JobDefinition, now: JobDefinition): string {
  const fields = changedFields(before, now);
  if (fields.length === 1 && fields[0] === 'enabled') return now.enabled ? 'enabled' : 'disabled';
  return fields.length === 0 ? 'edited' : `edited: ${fields.join(', ')}`;
}

/** Returns the events of runs that are new or have a new status. */
function runActivity(before: JobRow, now: JobRow, at: number): ActivityEntry[] {
  if (!before.isHistoryKnown || before.history === now.history) return [];
  const known = new Map(before.history.map(({ runId, status }) => [runId, status]));
  const oldest = before.history[0]?.queuedAt ?? Number.NEGATIVE_INFINITY;
  return now.history.flatMap((run) => {
    // When newer runs disappear (a job's runs were deleted), older ones appear in the list. They are not news.
    const isNews = known.has(run.runId) ? known.get(run.runId) !== run.status : run.queuedAt >= oldest;
    const createEntry = isNews ? describeStatus(run) : undefined;
    if (createEntry === undefined) return [];
    const [text, tone] = createEntry;
    const what = run.status === 'cancelled' ? 'cancelled' : 'other';
    return [{ what, at, jobId: now.id, runId: run.runId, by: toAuthor(run.requestedBy), tone, text }];
  });
}

function describeStatus(run: HistoryRun): [string, ActivityEntry['tone']] | undefined {
  const words: Readonly<Record<RunStatus, [string, ActivityEntry['tone']] | undefined>> = {
    // The start is reported when it happens.
    queued: undefined,
    running: ['started', 'plain'],
    waiting_retry: ['failed, to be tried again', 'bad'],
    succeeded: [`succeeded, ${pluralize(run.items, 'item')}`, 'good'],
    failed: [`failed${run.errorKind === null ? '' : `: ${describeErrorKind(run.errorKind)}`}`, 'bad'],
    timed_out: ['timed out', 'bad'],
    abandoned: ['was abandoned', 'bad'],
    cancelled: ['was cancelled', 'plain'],
    skipped: ['skipped an occurrence', 'plain'],
    missed: ['missed an occurrence', 'bad'],
  };
  return words[run.status];
}
