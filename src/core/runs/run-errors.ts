import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { isActive, type RunRecord, toRunStatus } from '../model/run-record.ts';

/** @param field the input field that contained the id */
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
 * The error for an action on a job that still has an active run.
 * @param why why the run has not started
 */
export function runIsActive(
  { runId, jobId, status }: Pick<RunRecord, 'runId' | 'jobId' | 'status'>,
  why?: string,
): QuickscrapeError {
  const state = why === undefined ? toRunStatus(status) : `not finished: ${why}`;
  return new QuickscrapeError('conflict', `job ${jobId} has run ${runId}, which is ${state}`, {
    field: 'job_id',
    hint: { id: 'wait_or_cancel', run: runId },
  });
}

/**
 * The error for a run that exists, but belongs to another job than the one that was named.
 * @param hint how to reach this run, or the runs of the named job
 */
export function runOfOtherJob(
  { runId, jobId }: Pick<RunRecord, 'runId' | 'jobId'>,
  wanted: string,
  hint: string,
): QuickscrapeError {
  return new QuickscrapeError('run_not_found', `run ${runId} belongs to job ${jobId}, not to ${wanted}`, {
    field: 'run_id',
    hint,
  });
}

/** The error for a run without items, because it did not start. */
export function neverStarted({ runId, status }: RunRecord): QuickscrapeError {
  if (isActive(status))
    return new QuickscrapeError(
      'conflict',
      `run ${runId} has not started (${toRunStatus(status)}): it has no items yet`,
      { field: 'run_id', hint: 'Wait until it has started.' },
    );
  return new QuickscrapeError('conflict', `run ${runId} never started (${status}): it has no items`, {
    field: 'run_id',
    hint: ['Choose a run that has items.', { id: 'list_runs' }],
  });
}

/**
 * The error for a field that no item has.
 * @param field the input field that named it
 */
export function unknownItemField(name: string, known: readonly string[], field: string): QuickscrapeError {
  const [closest] = closestNames(name, known);
  return new QuickscrapeError('invalid_params', `${field}: no item has the field "${name}"`, {
    field,
    hint: [
      ...(closest === undefined ? [] : [`Did you mean ${closest}?`]),
      `Fields that items have: ${known.join(', ')}.`,
    ],
  });
}
