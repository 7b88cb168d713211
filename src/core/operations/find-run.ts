import { QuickscrapeError } from '../lib/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';

/**
 * The run with exactly this id.
 * @throws QuickscrapeError `run_not_found`
 */
export function findRun(workspace: Workspace, runId: string, field = 'run_id'): RunRecord {
  const run = workspace.runs.get(runId);
  if (run !== undefined) return run;
  throw new QuickscrapeError('run_not_found', `There is no run "${runId}"`, {
    field,
    hint: 'list_runs (quickscrape job history JOB) shows the runs of a job, of which the newest keep_runs are kept.',
  });
}
