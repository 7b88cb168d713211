import { pluralize, sentence } from '../../../core/lib/text.ts';
import { hasFailed } from '../../../core/runs/last-run.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Action } from '../../kernel/action.ts';
import type { Call } from '../../kernel/call.ts';
import type { State, Step } from '../../kernel/model.ts';
import { openDialog } from '../../kernel/step.ts';
import { EMPTY_LINE } from '../../ui/text/edit-line.ts';
import { hiddenTargets, targetJobs } from '../jobs/reducer.ts';
import { type BatchPlan, MAX_UNTYPED, type PlannedStep } from './model.ts';
import { startBatch } from './reducer.ts';

/** Actions that change jobs: all marked ones, or the selected one. */
export const jobChangeActions: readonly Action[] = [
  {
    ...change('jobs.run', 'Run the job now', ['r'], () => RUN),
    synonyms: ['execute', 'trigger', 'launch'],
    footer: 'run',
    command: commandFor(({ id }) => `quickscrape job run ${id} --background`),
  },
  {
    ...change('jobs.cancel', 'Cancel the active run', ['x'], () => CANCEL),
    synonyms: ['kill', 'abort', 'terminate', 'interrupt'],
    footer: 'cancel',
    command: commandFor(({ active }) => `quickscrape job cancel ${active[0]?.runId ?? '<run>'}`),
  },
  {
    ...change('jobs.retry', 'Retry the last failed run', ['t'], () => RETRY),
    synonyms: ['rerun', 'repeat', 'retry'],
    command: commandFor((job) => `quickscrape job retry ${lastFailed(job) ?? '<run>'}`),
  },
  {
    ...change('jobs.toggle', 'Enable or disable', ['a'], toggleKind),
    synonyms: ['pause', 'activate', 'deactivate'],
    command: (state) => {
      const flag = toggleKind(state) === ENABLE ? '--enable' : '--disable';
      return commandFor(({ id }) => `quickscrape job update ${id} ${flag}`)(state);
    },
  },
  {
    ...change('jobs.enable', 'Enable', [], () => ENABLE),
    synonyms: ['activate'],
    command: commandFor(({ id }) => `quickscrape job update ${id} --enable`),
  },
  {
    ...change('jobs.disable', 'Disable', [], () => DISABLE),
    synonyms: ['deactivate'],
    command: commandFor(({ id }) => `quickscrape job update ${id} --disable`),
  },
  {
    ...change('jobs.resume', 'Resume a paused job', ['p'], () => RESUME),
    synonyms: ['resume', 'unpause', 'continue'],
    command: commandFor(({ id }) => `quickscrape job update ${id} --enable`),
  },
  {
    id: 'jobs.tags',
    title: 'Change the tags',
    synonyms: ['label', 'labels'],
    group: 'Job',
    scope: 'jobs',
    keys: ['#'],
    changes: true,
    available: (state) => canChangeJobs(ANY_TAGS, targetJobs(state)),
    perform: (state) => {
      const jobIds = targetJobs(state).map(({ id }) => id);
      return openDialog(state, { kind: 'tags', jobIds, line: EMPTY_LINE });
    },
    command: commandFor(({ id }) => `quickscrape job update ${id} --tag <tag>`),
  },
  {
    ...change('jobs.delete', 'Delete', ['d', 'delete'], () => DELETE),
    synonyms: ['remove'],
    footer: 'delete',
    command: commandFor(({ id }) => `quickscrape job delete ${id} --force`),
  },
];

/** A dialog asks for the tags later. Until then the action is available for every usable job. */
const ANY_TAGS: Pick<JobChangeKind, 'calls'> = { calls: () => [] };

function change(
  id: string,
  title: string,
  keys: readonly string[],
  kind: (state: State) => JobChangeKind,
): Action {
  return {
    id,
    title,
    group: 'Job',
    scope: 'jobs',
    keys,
    changes: true,
    available: (state) => canChangeJobs(kind(state), targetJobs(state)),
    perform: (state) => changeJobs(state, kind(state), targetJobs(state)),
  };
}

/** Disables all jobs if at least one of them is enabled. */
function toggleKind(state: State): JobChangeKind {
  return targetJobs(state).some(({ enabled }) => enabled) ? DISABLE : ENABLE;
}

/** The equivalent CLI commands, one for each job. */
function commandFor(command: (job: JobRow) => string): (state: State) => string | undefined {
  return (state) => {
    const jobs = targetJobs(state);
    const shown = jobs.slice(0, 3).map(command);
    return shown.length === 0 ? undefined : shown.join(' && ') + (jobs.length > 3 ? ' && …' : '');
  };
}

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

const RUN: JobChangeKind = {
  title: 'Run',
  past: 'started',
  calls: ({ id }) => [{ name: 'run_job', params: { job_id: id } }],
};

const CANCEL: JobChangeKind = {
  title: 'Cancel the runs of',
  past: 'cancelled',
  asks: true,
  calls: ({ active }) => {
    if (active.length === 0) return 'it has no active run';
    return active.map(({ runId }): Call => ({ name: 'cancel_run', params: { run_id: runId } }));
  },
};

const RETRY: JobChangeKind = {
  title: 'Retry the last failed run of',
  past: 'started again',
  calls: (job) => {
    const run = lastFailed(job);
    return run === undefined ? 'none of its last runs failed' : [retryOf(run)];
  },
};

const ENABLE: JobChangeKind = {
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

const RESUME: JobChangeKind = {
  title: 'Resume',
  past: 'resumed',
  calls: ({ id, enabled, pausedAt }) => {
    if (pausedAt === null) return 'it is not paused';
    return enabled ? [enabling(id, true)] : 'it is disabled; enable it';
  },
};

const DELETE: JobChangeKind = {
  title: 'Delete',
  past: 'deleted',
  hint: 'u undoes it.',
  asks: true,
  notes: ['Kept in the trash for 30 days, with history.'],
  calls: ({ id, revision }) => [{ name: 'delete_job', params: { job_id: id, if_revision: revision } }],
};

/** Changes the jobs: one job at once, several after a confirmation, more than ten after their number was typed. */
export function changeJobs(state: State, kind: JobChangeKind, jobs: readonly JobRow[]): Step {
  const plan = batchPlanFor(kind, jobs);
  if (jobs.length <= 1 && !kind.asks) return startBatch(state, plan);
  const title = `${kind.title} ${pluralize(jobs.length, 'job')}?`;
  const hidden = hiddenTargets(state);
  const left = hidden > 0 ? [`Marked but hidden by the filter, not changed: ${hidden}`] : [];
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
function canChangeJobs({ calls }: Pick<JobChangeKind, 'calls'>, jobs: readonly JobRow[]): true | string {
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

/** The id of the newest known failed run of a job. */
function lastFailed({ last, history }: JobRow): string | undefined {
  if (last !== null && hasFailed(last)) return last.runId;
  return history.findLast(hasFailed)?.runId;
}

function retryOf(runId: string): Call {
  return { name: 'retry_run', params: { run_id: runId } };
}

function enabling(id: string, enabled: boolean): Call {
  return { name: 'update_job', params: { job_id: id, changes: { enabled } } };
}
