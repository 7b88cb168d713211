import { jobDeleted, jobNotFound, requireValidJob, wholeIdNeeded } from '../jobs/job-errors.ts';
import type { QuickscrapeError } from '../lib/errors.ts';
import type { ValidJob } from '../model/job-record.ts';
import type { RunRecord } from '../model/run-record.ts';
import { runNotFound } from '../runs/run-errors.ts';
import { Trash } from '../trash/trash.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Returns the job with exactly this id. Operations take only whole ids, so that a change or deletion never hits a
 * similar one.
 * @throws QuickscrapeError `job_not_found` with the closest ids; `invalid_job` when its file is invalid
 */
export function findJob(workspace: Workspace, jobId: string): ValidJob {
  const entry = workspace.jobs.get(jobId);
  if (entry === undefined) throw notFound(workspace, jobId);
  return requireValidJob(entry);
}

function notFound(workspace: Workspace, jobId: string): QuickscrapeError {
  if (isInTrash(workspace, jobId)) return jobDeleted(jobId);
  const ids = workspace.jobs.ids();
  const matching = jobId === '' ? [] : ids.filter((id) => id.startsWith(jobId));
  return matching.length === 0 ? jobNotFound(jobId, ids) : wholeIdNeeded(jobId, matching);
}

function isInTrash({ paths }: Workspace, jobId: string): boolean {
  try {
    return new Trash(paths.trash).newest(jobId) !== undefined;
  } catch {
    // An unreadable trash does not change that the job does not exist.
    return false;
  }
}

/**
 * Returns the run with exactly this id.
 * @throws QuickscrapeError `run_not_found`
 */
export function findRun(workspace: Workspace, runId: string, field = 'run_id'): RunRecord {
  const run = workspace.runs.get(runId);
  if (run !== undefined) return run;
  throw runNotFound(runId, field);
}

/** @throws QuickscrapeError `config_not_found` with the closest names when the configuration does not exist */
export function requireConfig(workspace: Workspace, configName: string): void {
  if (!workspace.configs.has(configName)) throw workspace.configs.notFound(configName);
}
