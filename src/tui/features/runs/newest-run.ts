import type { ActiveRun } from '../../home/active-run.ts';
import type { HistoryRun, JobRow } from '../../home/job-row.ts';

/** A run whose log is shown for its job, and when it began, or was queued: what begins later is newer. */
export interface NewestRun {
  runId: string;
  since: number;
}

type AnyRun = Pick<ActiveRun | HistoryRun, 'runId' | 'startedAt' | 'queuedAt'>;
type Runs = Pick<JobRow, 'active' | 'last'>;

/** The run to show for a job: the last that began of those under way, else the last that waits, else the last one. */
export function newestRun({ active, last }: Runs): NewestRun | undefined {
  const begun = active.filter(({ startedAt }) => startedAt !== null);
  const run = latest(begun) ?? latest(active) ?? last;
  return run === null ? undefined : toNewestRun(run);
}

/** The run of the job that began after the one that is shown, if there is one; it may be over already. */
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
