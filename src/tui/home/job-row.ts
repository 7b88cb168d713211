import { describeUnusable } from '../../core/jobs/job-errors.ts';
import type { Actor, JobDefinition } from '../../core/model/definition.ts';
import type { JobEntry, JobState } from '../../core/model/job-record.ts';
import type { RunStatus } from '../../core/model/run-record.ts';
import { RecentRuns, type RunSummary } from '../../core/runs/recent-runs.ts';
import { memoize } from '../ui/memoize.ts';
import { foldText } from '../ui/text/match-text.ts';
import type { ActiveRun } from './active-run.ts';
import { JOB_STATES, type JobDisplayState, jobStateOf } from './job-state-display.ts';

/** The number of runs in a job's history bar. */
export const HISTORY_RUNS = 20;

/** A run of the history, with its duration. */
export interface HistoryRun extends RunSummary {
  /** Milliseconds; `null` for a run that never started or is not finished. */
  readonly durationMs: number | null;
}

/** One job in the dashboard; instants in epoch milliseconds. An invalid file has a row as well. */
export interface JobRow {
  readonly id: string;
  /** `null` for an invalid file; so are `configName`, `createdBy`, `updatedAt` and `updatedBy`. */
  readonly definition: JobDefinition | null;
  readonly configName: string | null;
  readonly description: string;
  readonly tags: readonly string[];
  /** The hosts of its configuration's addresses. */
  readonly hosts: readonly string[];
  /** False when its configuration does not exist, so that its next run will fail. */
  readonly hasConfig: boolean;
  readonly enabled: boolean;
  readonly pausedAt: number | null;
  /** Failed runs in a row. */
  readonly failures: number;
  /** Set when its last alert failed. */
  readonly callbackFailure: JobState['callbackFailure'];
  readonly state: JobDisplayState;
  /** The next upcoming occurrence. */
  readonly nextRun: number | null;
  /** Its active runs, the running ones first. */
  readonly active: readonly ActiveRun[];
  /** Its last finished run that was executed. */
  readonly last: HistoryRun | null;
  /** The number of items of the last run before `last` that had any. */
  readonly itemsBefore: number | null;
  /** How many items more or fewer `last` has than that run; `null` when there is nothing to compare. */
  readonly itemChange: number | null;
  /** False until the runs of the job have been read. Then `last` and `history` are not valid yet. */
  readonly isHistoryKnown: boolean;
  /** The last 20 runs, oldest first, including skipped and running ones. */
  readonly history: readonly HistoryRun[];
  /** Why its file is invalid, with file and line. */
  readonly error: string | null;
  readonly revision: number;
  readonly createdBy: Actor | null;
  readonly updatedAt: number | null;
  readonly updatedBy: Actor | null;
  /** The text for the free-text search, folded: id, configuration, description and tags, each on its own line. */
  readonly haystack: string;
}

export interface JobParts {
  entry: JobEntry;
  /** Its last runs, at most {@link HISTORY_RUNS}; `undefined` until they have been read. */
  recent: RecentRuns | undefined;
  /** Its last executed run, if all recent runs were skipped. */
  earlier?: RunSummary | undefined;
  active: readonly ActiveRun[];
  /** The hosts of its configuration; `null` when that does not exist. */
  hosts: readonly string[] | null;
}

const NO_HOSTS: readonly string[] = [];
/** The history of a job without runs. */
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

/** Returns the text that the free-text search uses. */
export function haystackOf(id: string, definition: JobDefinition | null): string {
  if (definition === null) return foldText(id);
  const { config_name, description, tags } = definition;
  return foldText([id, config_name, description ?? '', ...tags].join('\n'));
}

const FAILED_STATUSES: readonly RunStatus[] = ['failed', 'timed_out', 'abandoned'];
const EXECUTED_STATUSES: readonly RunStatus[] = ['succeeded', 'cancelled', ...FAILED_STATUSES];

/** Whether a run failed, timed out or was abandoned. */
export function hasFailed({ status }: Pick<RunSummary, 'status'>): boolean {
  return FAILED_STATUSES.includes(status);
}

/** Whether a run was executed and is finished. */
export function isExecuted({ status }: Pick<RunSummary, 'status'>): boolean {
  return EXECUTED_STATUSES.includes(status);
}

/** Returns the last executed run, and the items of the previous run that had any. */
function lastOf(recent: RecentRuns, earlier: RunSummary | undefined) {
  let last: RunSummary | undefined;
  for (const run of recent) {
    if (!isExecuted(run)) continue;
    if (last !== undefined && run.items > 0) return { last, itemsBefore: run.items };
    last ??= run;
  }
  return { last: last ?? earlier, itemsBefore: null };
}

/** Returns how the last run ended, according to the job's own state. */
function lastStatus(state: JobState | undefined): RunStatus | null {
  if (state?.status === 'completed') return 'succeeded';
  return state?.status === 'failed' ? 'failed' : null;
}

/** A run that failed without items says nothing about the number of items on the site. */
function changeOf(last: RunSummary | undefined, before: number | null): number | null {
  if (last === undefined || before === null) return null;
  return last.items > 0 || last.status === 'succeeded' ? last.items - before : null;
}

/** Computed only when a row is shown: ten thousand jobs have a history, and about forty are visible. */
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

/** Counts the jobs in each state. Empty states are left out; the states that need attention come first. */
export const stateCounts = memoize((rows: readonly JobRow[]): readonly StateCount[] => {
  const counts = new Map<JobDisplayState, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return JOB_STATES.flatMap((state) => {
    const jobs = counts.get(state) ?? 0;
    return jobs === 0 ? [] : [{ state, jobs }];
  });
});
