import { type FilterableJob, toFilterableJob } from '../../core/jobs/filter/filterable-job.ts';
import { JOB_STATES, type JobDisplayState } from '../../core/jobs/job-display-state.ts';
import { describeUnusable } from '../../core/jobs/job-errors.ts';
import type { Actor, JobDefinition } from '../../core/model/definition.ts';
import type { JobEntry, JobState } from '../../core/model/job-record.ts';
import { type HistoryRun, withDuration } from '../../core/runs/last-run.ts';
import { RecentRuns, type RunSummary } from '../../core/runs/recent-runs.ts';
import { memoize } from '../ui/memoize.ts';
import type { ActiveRun } from './active-run.ts';

/** The number of runs in a job's history bar. */
export const HISTORY_RUNS = 20;

/** One job in the dashboard; instants in epoch milliseconds. An invalid file has a row as well. */
export interface JobRow extends FilterableJob {
  /** `null` for an invalid file; so are `configName`, `createdBy`, `updatedAt` and `updatedBy`. */
  readonly definition: JobDefinition | null;
  readonly description: string;
  /** False when its configuration does not exist, so that its next run will fail. */
  readonly hasConfig: boolean;
  readonly enabled: boolean;
  readonly pausedAt: number | null;
  /** Set when its last alert failed. */
  readonly callbackFailure: JobState['callbackFailure'];
  /** Its active runs, the running ones first. */
  readonly active: readonly ActiveRun[];
  /** False until the runs of the job have been read. Then `last` and `history` are not valid yet. */
  readonly isHistoryKnown: boolean;
  /** The last 20 runs, oldest first, including skipped and running ones. */
  readonly history: readonly HistoryRun[];
  /** Why its file is invalid, with file and line. */
  readonly error: string | null;
  readonly revision: number;
  readonly createdBy: Actor | null;
  readonly updatedAt: number | null;
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

/** The history of a job without runs. */
export const NO_HISTORY = new RecentRuns('');

export function toJobRow({ entry, recent, earlier, active, hosts }: JobParts): JobRow {
  const record = entry.kind === 'valid' ? entry.record : undefined;
  const definition = record?.definition ?? null;
  const state = entry.kind === 'valid' ? entry.state : undefined;
  const statuses = active.map(({ status }) => status);
  return {
    ...toFilterableJob({ entry, recent: recent ?? NO_HISTORY, earlier, active: statuses, hosts }),
    definition,
    description: definition?.description ?? '',
    hasConfig: hosts !== null,
    enabled: definition?.enabled ?? false,
    pausedAt: state?.pausedAt ?? null,
    callbackFailure: state?.callbackFailure ?? null,
    active,
    isHistoryKnown: recent !== undefined,
    get history() {
      return historyOf(recent ?? NO_HISTORY);
    },
    error: entry.kind === 'valid' ? null : describeUnusable(entry),
    revision: record?.revision ?? 0,
    createdBy: record?.createdBy ?? null,
    updatedAt: record?.updatedAt ?? null,
  };
}

/** Computed only when a row is shown: ten thousand jobs have a history, and about forty are visible. */
const historyOf = memoize((recent: RecentRuns): readonly HistoryRun[] =>
  [...recent].map(withDuration).reverse(),
);

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
