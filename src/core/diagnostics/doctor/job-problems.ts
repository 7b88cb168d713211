import { joinJob } from '../../jobs/job-entry.ts';
import type { ParsedJob } from '../../jobs/job-text.ts';
import type { JobStateRow } from '../../runs/run-rows.ts';
import type { JobProblem } from './checks/check-runs.ts';

/**
 * Returns the problems of jobs that have files, consistent with every interface: a pause or a failed command no longer
 * counts once the job's file does not ask for it. For a file that cannot be used, only the database counts.
 * @param states by job; may also contain jobs whose files were removed
 */
export function joinJobProblems(
  jobs: readonly ParsedJob[],
  states: ReadonlyMap<string, JobStateRow>,
  now: number,
): JobProblem[] {
  return jobs.flatMap((job) => {
    const row = states.get(job.id);
    return row === undefined ? [] : [joinJobProblem(job, row, now)];
  });
}

function joinJobProblem(job: ParsedJob, row: JobStateRow, now: number): JobProblem {
  const entry = joinJob(job, row, now);
  if (entry.kind === 'valid') {
    const { failures, pausedAt, callbackFailure } = entry.state;
    return {
      jobId: job.id,
      failures,
      pausedAt: pausedAt ?? undefined,
      callbackFailure: callbackFailure ?? undefined,
    };
  }
  const { failures, paused_at: pausedAt, callback_failed_at: failedAt, callback_failure: message } = row;
  return {
    jobId: job.id,
    failures,
    pausedAt: pausedAt ?? undefined,
    callbackFailure: typeof failedAt === 'number' ? { at: failedAt, message: message ?? '' } : undefined,
  };
}
