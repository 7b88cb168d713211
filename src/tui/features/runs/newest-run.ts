import type { ActiveRun } from '../../home/active-run.ts';
import type { HistoryRun, JobRow } from '../../home/job-row.ts';

/**
 * A run whose log is shown for its job, and the time when it started or was queued. A run that starts later is newer.
 */
export interface NewestRun {
  runId: string;
  since: number;
}

type AnyRun = Pick<ActiveRun | HistoryRun, 'runId' | 'startedAt' | 'queuedAt'>;
type Runs = Pick<JobRow, 'active' | 'last'>;

/**
 * The run to show for a job: the latest started active run, otherwise the latest queued one, otherwise the last one.
 */
export function newestRun({ active, last }: Runs): NewestRun | undefined {
  const begun = active.filter(({ startedAt }) => startedAt !== null);
  const run = latest(begun) ?? latest(active) ?? last;
  return run === null ? undefined : toNewestRun(run);
}

/** The run of the job that started after the shown one, if there is one. It may already have finished. */
export function newerRun({ active, last }: Runs, shown: NewestRun): NewestRun | undefined {
  const begun = [...active, ...(last === null ? [] : [last])].filter(({ startedAt }) => startedAt !== null);
  const run = latest(begun);
  const newest = run === undefined || run.runId === shown.runId ? undefined : toNewestRun(run);
  return newest !== undefined && newest.since > shown.since ? newest : undefined;
}

function latest(runs: readonly AnyRun[]): AnyRun | undefined {
  return runs.toSorted((one, other) => toNewestRun(other).since - toNewestRun(one).since)[0];
}

function toNewestRun({ runId, startedAt, queuedAt }: AnyRun): NewestRun {
  return { runId, since: startedAt ?? queuedAt };
}
