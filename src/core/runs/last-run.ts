import type { RunStatus } from '../model/run-record.ts';
import type { RecentRuns, RunSummary } from './recent-runs.ts';

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
export function lastOf(recent: RecentRuns, earlier: RunSummary | undefined) {
  let last: RunSummary | undefined;
  for (const run of recent) {
    if (!isExecuted(run)) continue;
    if (last !== undefined && run.items > 0) return { last, itemsBefore: run.items };
    last ??= run;
  }
  return { last: last ?? earlier, itemsBefore: null };
}

/** Returns how many items more or fewer the last run has than the one before. A run that failed without items says nothing about the number of items on the site. */
export function changeOf(last: RunSummary | undefined, before: number | null): number | null {
  if (last === undefined || before === null) return null;
  return last.items > 0 || last.status === 'succeeded' ? last.items - before : null;
}

/** A run with its duration. */
export interface HistoryRun extends RunSummary {
  /** Milliseconds; `null` for a run that never started or is not finished. */
  readonly durationMs: number | null;
}

export function withDuration(run: RunSummary): HistoryRun {
  const { startedAt, finishedAt } = run;
  const durationMs = startedAt === null || finishedAt === null ? null : Math.max(0, finishedAt - startedAt);
  return { ...run, durationMs };
}
