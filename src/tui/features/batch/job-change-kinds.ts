import type { JobRow } from '../../home/job-row.ts';
import { hasFailed } from '../../home/job-row.ts';
import type { Call } from '../../kernel/call.ts';

import type { JobChangeKind } from './job-change.ts';

export const RUN: JobChangeKind = {
  title: 'Run',
  past: 'started',
  calls: ({ id }) => [{ name: 'run_job', params: { job_id: id } }],
};

export const RETRY: JobChangeKind = {
  title: 'Retry the last failed run of',
  past: 'started again',
  calls: (job) => {
    const run = lastFailed(job);
    return run === undefined ? 'none of its last runs has failed' : [retryOf(run)];
  },
};

export const CANCEL: JobChangeKind = {
  title: 'Cancel the runs of',
  past: 'cancelled',
  asks: true,
  calls: ({ active }) => {
    if (active.length === 0) return 'it has no active run';
    return active.map(({ runId }): Call => ({ name: 'cancel_run', params: { run_id: runId } }));
  },
};

export const ENABLE: JobChangeKind = {
  title: 'Enable',
  past: 'enabled',
  hint: 'u undoes it.',
  calls: ({ id, enabled }) => (enabled ? 'it is enabled already' : [enabling(id, true)]),
};

export const DISABLE: JobChangeKind = {
  title: 'Disable',
  past: 'disabled',
  hint: 'u undoes it.',
  calls: ({ id, enabled }) => (enabled ? [enabling(id, false)] : 'it is disabled already'),
};

export const RESUME: JobChangeKind = {
  title: 'Resume',
  past: 'resumed',
  calls: ({ id, enabled, pausedAt }) => {
    if (pausedAt === null) return 'it is not paused';
    return enabled ? [enabling(id, true)] : 'it is disabled; enable it';
  },
};

export const DELETE: JobChangeKind = {
  title: 'Delete',
  past: 'deleted',
  hint: 'u undoes it.',
  asks: true,
  notes: ['Kept in the trash for 30 days, with history.'],
  calls: ({ id, revision }) => [{ name: 'delete_job', params: { job_id: id, if_revision: revision } }],
};

/** Adds the tags in `added` to the jobs and removes the tags in `removed`. */
export function retag(added: readonly string[], removed: readonly string[]): JobChangeKind {
  return {
    title: 'Change the tags of',
    past: 'tagged',
    hint: 'u undoes it.',
    calls: ({ id, tags, revision }) => {
      const next = [...new Set([...tags, ...added])].filter((tag) => !removed.includes(tag));
      if (next.length === tags.length && next.every((tag, index) => tag === tags[index]))
        return 'its tags are so already';
      return [{ name: 'update_job', params: { job_id: id, changes: { tags: next }, if_revision: revision } }];
    },
  };
}

/** The id of the newest known failed run of a job. */
export function lastFailed({ last, history }: JobRow): string | undefined {
  if (last !== null && hasFailed(last)) return last.runId;
  return history.findLast(hasFailed)?.runId;
}

function retryOf(runId: string): Call {
  return { name: 'retry_run', params: { run_id: runId } };
}

function enabling(id: string, enabled: boolean): Call {
  return { name: 'update_job', params: { job_id: id, changes: { enabled } } };
}
