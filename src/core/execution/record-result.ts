import type { JobDefinition } from '../model/definition.ts';
import type { AttemptResult, RunRecord } from '../model/run-record.ts';
import { selectCallbacks } from '../model/select-callbacks.ts';
import { voidStart } from '../runs/run-queue.ts';
import type { AttemptFollowUp } from '../runs/run-transitions.ts';
import { finishAttempt } from '../runs/run-transitions.ts';
import type { Workspace } from '../workspace.ts';

/** Maximum delay between two attempts under exponential back-off, in seconds, unless `retry_delay` is longer. */
const MAX_DELAY_S = 24 * 3600;

/**
 * Computes the delay before the next attempt, in milliseconds. `fixed`: always `retry_delay`. `exponential`: the delay
 * doubles after each attempt, up to a day, and half of it is random ("equal jitter"). Jobs that failed together because
 * of one site therefore do not retry together. The delay is never less than half.
 * @param attempt number of attempts so far
 * @param random from 0 to below 1
 */
export function retryDelayMs(
  { retry_delay, retry_backoff }: Pick<JobDefinition, 'retry_delay' | 'retry_backoff'>,
  attempt: number,
  random: number,
): number {
  if (retry_backoff === 'fixed') return retry_delay * 1000;
  const doubled = retry_delay * 2 ** Math.min(Math.max(0, attempt - 1), 40);
  const max = Math.min(doubled, Math.max(MAX_DELAY_S, retry_delay));
  return Math.round((max / 2 + (max / 2) * random) * 1000);
}

/** Retry delay when the job's file cannot be read: the default of `retry_delay`, in milliseconds. */
const DEFAULT_RETRY_MS = 300_000;

/**
 * Records how the current attempt ended. Callbacks follow the job as it was when the attempt started, because its file
 * may be invalid, edited or gone by now. Retries follow the job's current state: a deleted job has none, and a job
 * whose file is temporarily invalid keeps them.
 * @returns `undefined` when another process has already recorded the end
 */
export function recordResult(
  workspace: Workspace,
  run: RunRecord,
  result: AttemptResult,
): RunRecord | undefined {
  const entry = workspace.jobs.get(run.jobId);
  const definition = entry?.kind === 'valid' ? entry.record.definition : undefined;
  const callbacks = run.callbacks ?? definition;
  const now = workspace.clock.now();
  const delay = definition ? retryDelayMs(definition, run.attempt, Math.random()) : DEFAULT_RETRY_MS;
  const after: AttemptFollowUp = {
    retryAt: entry === undefined ? null : now + delay,
    pauseAfter: definition?.pause_after_failures ?? null,
    wantsCallback: (status, failuresBefore) =>
      callbacks !== undefined &&
      selectCallbacks(callbacks, status, failuresBefore, result.changes ?? null).length > 0,
  };
  return finishAttempt(workspace.db, run.runId, run.startToken ?? '', result, now, after);
}

/**
 * Reverts a failed start. After several in a row, they count as a failed attempt.
 * @returns the run's new state, or `undefined` when its process had claimed it
 */
export function recordVoidStart(
  workspace: Workspace,
  runId: string,
  token: string,
  why: string,
): RunRecord | undefined {
  const run = voidStart(workspace.db, runId, token, workspace.clock.now());
  if (run?.status !== 'running') return run;
  const error = { kind: 'start_failed', message: `the run process could not be started: ${why}` };
  return recordResult(workspace, run, { outcome: 'failed', error });
}
