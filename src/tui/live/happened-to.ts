import { countWords } from '../../core/count-words.ts';
import { DEFINITION_FIELDS, type JobDefinition } from '../../core/job/definition.ts';
import type { RunStatus } from '../../core/run/record.ts';
import { toAuthor } from '../home/author-words.ts';
import type { Author, Happening } from '../home/home-data.ts';
import type { HistoryRun, JobRow } from '../home/job-row.ts';
import type { RowChange } from './row-book.ts';

/**
 * What happened to a job between two looks at it; nothing when only counts have moved on.
 * @param deletedBy whose doing it was, if it is gone
 */
export function happenedTo(
  { id: jobId, before, now }: RowChange,
  at: number,
  deletedBy: (jobId: string) => Author,
): Happening[] {
  if (before === undefined && now === undefined) return [];
  const told = (text: string, by: Author, tone: Happening['tone'] = 'plain'): Happening => ({
    ...{ what: 'other', at, jobId, runId: null, by, tone, text },
  });
  if (now === undefined) return [{ ...told('deleted', deletedBy(jobId)), what: 'deleted' }];
  if (before === undefined) {
    return [
      now.error === null
        ? { ...told('created', now.createdBy), what: 'created' }
        : told(`appeared: ${now.error}`, null, 'bad'),
    ];
  }
  return [...definitionHappenings(before, now, told), ...runHappenings(before, now, at)];
}

type Tell = (text: string, by: Author, tone?: Happening['tone']) => Happening;

function definitionHappenings(before: JobRow, now: JobRow, told: Tell): Happening[] {
  if (now.error !== null) {
    return now.error === before.error ? [] : [told(`can no longer be used: ${now.error}`, 'hand', 'bad')];
  }
  if (before.definition === null || now.definition === null)
    return [told('can be used again', now.updatedBy, 'good')];
  const paused: Happening[] =
    before.pausedAt === null && now.pausedAt !== null
      ? [told(`paused after ${countWords(now.failures, 'failure')}`, 'scheduler', 'bad')]
      : before.pausedAt !== null && now.pausedAt === null && now.state !== 'disabled'
        ? [told('goes on', now.revision === before.revision ? null : now.updatedBy)]
        : [];
  if (now.revision === before.revision) return paused;
  return [told(editWords(before.definition, now.definition), now.updatedBy), ...paused];
}

function editWords(before: JobDefinition, now: JobDefinition): string {
  const fields = DEFINITION_FIELDS.filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(now[field]),
  );
  if (fields.length === 1 && fields[0] === 'enabled') return now.enabled ? 'enabled' : 'disabled';
  return fields.length === 0 ? 'edited' : `edited: ${fields.join(', ')}`;
}

/** Runs of the later row that were not there, or that another status has come to. */
function runHappenings(before: JobRow, now: JobRow, at: number): Happening[] {
  if (!before.isHistoryKnown || before.history === now.history) return [];
  const known = new Map(before.history.map(({ runId, status }) => [runId, status]));
  const oldest = before.history[0]?.queuedAt ?? Number.NEGATIVE_INFINITY;
  return now.history.flatMap((run) => {
    // With the newer ones gone (a job's runs were deleted), older ones come into view that are not news.
    const isNews = known.has(run.runId) ? known.get(run.runId) !== run.status : run.queuedAt >= oldest;
    const told = isNews ? statusWords(run) : undefined;
    if (told === undefined) return [];
    const [text, tone] = told;
    const what = run.status === 'cancelled' ? 'cancelled' : 'other';
    return [{ what, at, jobId: now.id, runId: run.runId, by: toAuthor(run.requestedBy), tone, text }];
  });
}

function statusWords(run: HistoryRun): [string, Happening['tone']] | undefined {
  const words: Readonly<Record<RunStatus, [string, Happening['tone']] | undefined>> = {
    // That it starts is told when it does.
    queued: undefined,
    running: ['started', 'plain'],
    waiting_retry: ['failed, to be tried again', 'bad'],
    succeeded: [`succeeded, ${countWords(run.items, 'item')}`, 'good'],
    failed: [`failed${run.errorKind === null ? '' : `: ${run.errorKind}`}`, 'bad'],
    timed_out: ['timed out', 'bad'],
    abandoned: ['was abandoned', 'bad'],
    cancelled: ['was cancelled', 'plain'],
    skipped: ['skipped an occurrence', 'plain'],
    missed: ['missed an occurrence', 'bad'],
  };
  return words[run.status];
}
