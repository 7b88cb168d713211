import { describeUnusable } from '../../core/jobs/job-errors.ts';
import type { Actor, JobDefinition } from '../../core/model/definition.ts';
import type { JobEntry, JobState } from '../../core/model/job-record.ts';
import type { RunStatus } from '../../core/model/run-record.ts';
import type { RunSummary } from '../../core/runs/recent-runs.ts';
import { RecentRuns } from '../../core/runs/recent-runs.ts';
import { memoize } from '../ui/memoize.ts';
import { foldText } from '../ui/text/fold-text.ts';
import type { ActiveRun } from './active-run.ts';
import type { JobDisplayState } from './job-states.ts';
import { JOB_STATES, jobStateOf } from './job-states.ts';

/** So many runs make a job's history bar. */
export const HISTORY_RUNS = 20;

/** A run of the history, with how long it took. */
export interface HistoryRun extends RunSummary {
  /** Milliseconds; `null` for one that never started or is not over. */
  readonly durationMs: number | null;
}

/** One job as the dashboard knows it; instants in epoch milliseconds. A file that cannot be used is a row as well. */
export interface JobRow {
  readonly id: string;
  /** `null` for a file that cannot be used; so are `configName`, `createdBy`, `updatedAt` and `updatedBy`. */
  readonly definition: JobDefinition | null;
  readonly configName: string | null;
  readonly description: string;
  readonly tags: readonly string[];
  /** The hosts of its configuration's addresses. */
  readonly hosts: readonly string[];
  /** False where there is no configuration of its name: its next run is going to fail. */
  readonly hasConfig: boolean;
  readonly enabled: boolean;
  readonly pausedAt: number | null;
  /** Failed runs in a row. */
  readonly failures: number;
  /** Set since its last alert did not go out. */
  readonly callbackFailure: JobState['callbackFailure'];
  readonly state: JobDisplayState;
  /** The next occurrence that is still to come. */
  readonly nextRun: number | null;
  /** Its runs that are not over, those under way first. */
  readonly active: readonly ActiveRun[];
  /** Its last run that was carried out and is over. */
  readonly last: HistoryRun | null;
  /** The items of the run before `last` that had any. */
  readonly itemsBefore: number | null;
  /** How many items more or fewer `last` has than that; `null` when there is nothing to compare. */
  readonly itemChange: number | null;
  /** False while the runs of a job are still to be read: then `last` and `history` say nothing. */
  readonly isHistoryKnown: boolean;
  /** The last 20 runs, oldest first, also those passed over and those under way. */
  readonly history: readonly HistoryRun[];
  /** Why its file cannot be used, with file and line. */
  readonly error: string | null;
  readonly revision: number;
  readonly createdBy: Actor | null;
  readonly updatedAt: number | null;
  readonly updatedBy: Actor | null;
  /** What free text is searched in, folded: id, configuration, description, tags, on a line each. */
  readonly haystack: string;
}

export interface JobParts {
  entry: JobEntry;
  /** Its last runs, at most {@link HISTORY_RUNS}; `undefined` while they are still to be read. */
  recent: RecentRuns | undefined;
  /** Its last run that was carried out, where all of the last were passed over. */
  earlier?: RunSummary | undefined;
  active: readonly ActiveRun[];
  /** Those of its configuration; `null` where there is none. */
  hosts: readonly string[] | null;
}

const NO_HOSTS: readonly string[] = [];
/** The history of a job that has none. */
export const NO_HISTORY = new RecentRuns('');

export function toJobRow({ entry, recent, earlier, active, hosts }: JobParts): JobRow {
  const record = entry.kind === 'valid' ? entry.record : undefined;
  const definition = record?.definition ?? null;
  const state = entry.kind === 'valid' ? entry.state : undefined;
  const { last, itemsBefore } = lastOf(recent ?? NO_HISTORY, earlier);
  const enabled = definition?.enabled ?? false;
  const pausedAt = state?.pausedAt ?? null;
  return {
    id: entry.id,
    definition,
    configName: definition?.config_name ?? null,
    description: definition?.description ?? '',
    tags: definition?.tags ?? [],
    hosts: hosts ?? NO_HOSTS,
    hasConfig: hosts !== null,
    enabled,
    pausedAt,
    failures: state?.failures ?? 0,
    callbackFailure: state?.callbackFailure ?? null,
    state: jobStateOf({
      usable: definition !== null,
      enabled,
      paused: pausedAt !== null,
      active: active.map(({ status }) => status),
      last: last?.status ?? lastStatus(state),
    }),
    nextRun: state?.nextRun ?? null,
    active,
    last: last ? withDuration(last) : null,
    itemsBefore,
    itemChange: changeOf(last, itemsBefore),
    isHistoryKnown: recent !== undefined,
    get history() {
      return historyOf(recent ?? NO_HISTORY);
    },
    error: entry.kind === 'valid' ? null : describeUnusable(entry),
    revision: record?.revision ?? 0,
    createdBy: record?.createdBy ?? null,
    updatedAt: record?.updatedAt ?? null,
    updatedBy: record?.updatedBy ?? null,
    haystack: haystackOf(entry.id, definition),
  };
}

/** Free text is searched in these. */
export function haystackOf(id: string, definition: JobDefinition | null): string {
  if (definition === null) return foldText(id);
  const { config_name, description, tags } = definition;
  return foldText([id, config_name, description ?? '', ...tags].join('\n'));
}

const FAILED_STATUSES: readonly RunStatus[] = ['failed', 'timed_out', 'abandoned'];
const EXECUTED_STATUSES: readonly RunStatus[] = ['succeeded', 'cancelled', ...FAILED_STATUSES];

/** Whether a run came to nothing: it failed, ran out of time or was abandoned. */
export function hasFailed({ status }: Pick<RunSummary, 'status'>): boolean {
  return FAILED_STATUSES.includes(status);
}

/** Whether a run was carried out, and is over. */
export function isExecuted({ status }: Pick<RunSummary, 'status'>): boolean {
  return EXECUTED_STATUSES.includes(status);
}

/** The last run that was carried out, and the items of the one before it that had any. */
function lastOf(recent: RecentRuns, earlier: RunSummary | undefined) {
  let last: RunSummary | undefined;
  for (const run of recent) {
    if (!isExecuted(run)) continue;
    if (last !== undefined && run.items > 0) return { last, itemsBefore: run.items };
    last ??= run;
  }
  return { last: last ?? earlier, itemsBefore: null };
}

/** How the last run ended, as far as the job's own state says it. */
function lastStatus(state: JobState | undefined): RunStatus | null {
  if (state?.status === 'completed') return 'succeeded';
  return state?.status === 'failed' ? 'failed' : null;
}

/** A run that failed before it found anything says nothing of the site's items. */
function changeOf(last: RunSummary | undefined, before: number | null): number | null {
  if (last === undefined || before === null) return null;
  return last.items > 0 || last.status === 'succeeded' ? last.items - before : null;
}

/** Made when a row is looked at: ten thousand jobs have a history, and forty are shown. */
const historyOf = memoize((recent: RecentRuns): readonly HistoryRun[] =>
  [...recent].map(withDuration).reverse(),
);

function withDuration(run: RunSummary): HistoryRun {
  const { startedAt, finishedAt } = run;
  const durationMs = startedAt === null || finishedAt === null ? null : Math.max(0, finishedAt - startedAt);
  return { ...run, durationMs };
}

interface StateCount {
  readonly state: JobDisplayState;
  readonly jobs: number;
}

/** How many jobs are in each state that some are in, what needs somebody first. */
export const stateCounts = memoize((rows: readonly JobRow[]): readonly StateCount[] => {
  const counts = new Map<JobDisplayState, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return JOB_STATES.flatMap((state) => {
    const jobs = counts.get(state) ?? 0;
    return jobs === 0 ? [] : [{ state, jobs }];
  });
});
