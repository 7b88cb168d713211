import { joinJob } from '../../jobs/job-entry.ts';
import type { ParsedJob } from '../../jobs/job-text.ts';
import type { JobStateRow } from '../../runs/run-rows.ts';
import type { JobProblem } from './checks/check-runs.ts';

/**
 * How the jobs fare whose files are there, as every interface says it: a pause or a failed command ends with what the
 * file no longer asks for. Of a file that cannot be used only the database knows.
 * @param states by job; may also hold jobs whose files were removed
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
