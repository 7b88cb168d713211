import type { RunRecord } from '../model/run-record.ts';
import { runNotFound } from '../runs/run-errors.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Returns the run with exactly this id.
 * @throws QuickscrapeError `run_not_found`
 */
export function findRun(workspace: Workspace, runId: string, field = 'run_id'): RunRecord {
  const run = workspace.runs.get(runId);
  if (run !== undefined) return run;
  throw runNotFound(runId, field);
}
