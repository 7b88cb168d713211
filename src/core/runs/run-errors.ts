import { QuickscrapeError } from '../lib/errors.ts';
import { type RunRecord, toRunStatus } from '../model/run-record.ts';

/** @param field the field that named it */
export function runNotFound(runId: string, field = 'run_id'): QuickscrapeError {
  return new QuickscrapeError('run_not_found', `there is no run ${JSON.stringify(runId)}`, {
    field,
    hint: { id: 'list_runs' },
  });
}

export function ambiguousRunId(prefix: string, ids: readonly string[]): QuickscrapeError {
  return new QuickscrapeError('conflict', `"${prefix}" fits several runs: ${ids.join(', ')}`, {
    field: 'run_id',
    hint: 'Give more of the id.',
  });
}

/**
 * Nothing else is done with a job while a run of it is not over.
 * @param why what keeps the run from starting
 */
export function runIsActive(
  { runId, jobId, status }: Pick<RunRecord, 'runId' | 'jobId' | 'status'>,
  why?: string,
): QuickscrapeError {
  const state = why === undefined ? toRunStatus(status) : `not over: ${why}`;
  return new QuickscrapeError('conflict', `job ${jobId} has run ${runId}, which is ${state}`, {
    field: 'job_id',
    hint: { id: 'wait_or_cancel', run: runId },
  });
}
