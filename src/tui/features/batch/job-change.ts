import { pluralize } from '../../../core/lib/pluralize.ts';
import type { JobRow } from '../../home/job-row.ts';
import { hasFailed } from '../../home/job-row.ts';
import type { Call } from '../../kernel/call.ts';
import type { State, Step } from '../../kernel/model.ts';
import { openDialog } from '../../kernel/navigation.ts';
import { sentence } from '../../ui/text/sentence.ts';
import { hiddenTargets } from '../jobs/reducer.ts';
import type { BatchPlan, PlannedStep } from './model.ts';
import { startBatch } from './reducer.ts';

/** A kind of change to jobs. It works the same for one job and for many. */
export interface JobChangeKind {
  /** An imperative: `Delete`. */
  title: string;
  /** The past participle after a job's name or a count: `deleted`. */
  past: string;
  hint?: string;
  /** Confirmation is needed even for a single job. */
  asks?: true;
  /** Further details for the confirmation question. */
  notes?: readonly string[];
  /** The calls that make the change, or the reason why it is not possible, as a clause: `it is not paused`. */
  calls(job: JobRow): readonly Call[] | string;
}

/** Above this number of jobs, the user confirms by typing the number. */
const MAX_UNTYPED = 10;

/** Changes the jobs: one job at once, several after a confirmation, more than ten after their number was typed. */
export function changeJobs(state: State, kind: JobChangeKind, jobs: readonly JobRow[]): Step {
  const plan = batchPlanFor(kind, jobs);
  if (jobs.length <= 1 && !kind.asks) return startBatch(state, plan);
  const title = `${kind.title} ${pluralize(jobs.length, 'job')}?`;
  const hidden = hiddenTargets(state);
  const left = hidden > 0 ? [`Marked but hidden by the filter, left alone: ${hidden}`] : [];
  const [names, lines] = [jobs.map(({ id }) => id), [...left, ...(kind.notes ?? [])]];
  const count = jobs.length > MAX_UNTYPED ? { count: jobs.length } : {};
  return openDialog(state, { kind: 'confirm', title, names, lines, effects: [], plan, typed: '', ...count });
}

function batchPlanFor({ title, past, hint, calls }: JobChangeKind, jobs: readonly JobRow[]): BatchPlan {
  const steps = jobs.flatMap((job): PlannedStep[] => {
    const made = job.error === null ? calls(job) : 'its file cannot be used; fix or remove it by hand';
    if (typeof made === 'string') return [{ jobId: job.id, call: undefined, reason: made }];
    return made.map((call) => ({ jobId: job.id, call, reason: '' }));
  });
  return { title, past, ...(hint !== undefined && { hint }), steps };
}

/** Whether at least one of these jobs can be changed. If none can, returns the reason as a sentence. */
export function canChangeJobs(
  { calls }: Pick<JobChangeKind, 'calls'>,
  jobs: readonly JobRow[],
): true | string {
  const [first] = jobs;
  if (first === undefined) return 'No job is selected.';
  const reasons = jobs.slice(0, MAX_CHECKED_JOBS).map((job) => (job.error === null ? calls(job) : UNUSABLE));
  if (jobs.length > MAX_CHECKED_JOBS || reasons.some((reason) => typeof reason !== 'string')) return true;
  return jobs.length === 1 ? sentence(String(reasons[0])) : `None of the ${jobs.length} jobs: ${reasons[0]}.`;
}

/**
 * Availability is checked on each frame. Above this number of jobs the check is skipped, and the results show what was
 * refused.
 */
const MAX_CHECKED_JOBS = 200;
const UNUSABLE = 'its file cannot be used';

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
