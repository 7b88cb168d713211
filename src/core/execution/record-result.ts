import type { JobDefinition } from '../model/definition.ts';
import type { AttemptResult, RunRecord } from '../model/run-record.ts';
import { selectCallbacks } from '../model/select-callbacks.ts';
import { voidStart } from '../runs/run-queue.ts';
import type { AttemptFollowUp } from '../runs/run-transitions.ts';
import { finishAttempt } from '../runs/run-transitions.ts';
import type { Workspace } from '../workspace.ts';

/** The longest wait between two attempts under exponential back-off, in seconds, unless `retry_delay` is longer. */
const MAX_DELAY_S = 24 * 3600;

/**
 * How long to wait before the next attempt, in milliseconds. `fixed`: exactly `retry_delay` each time. `exponential`:
 * the wait doubles after each attempt, up to a day, and half of it is random ("equal jitter"), so that jobs which failed
 * together over one site do not come back together; never less than half.
 * @param attempt how many attempts have been made
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

/** When the job's file cannot be read, its retries wait as long as the default says, in milliseconds. */
const DEFAULT_RETRY_MS = 300_000;

/**
 * Writes down how the attempt under way ended. Callbacks follow from the job as it was when the attempt started: its
 * file may be broken, edited or gone by now. Retries follow from the job as it is: one that was deleted has none, one
 * whose file is not valid for the moment keeps them.
 * @returns `undefined` when somebody else has written it down already
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
 * Takes back a start that came to nothing; after several in a row it counts as a failed attempt.
 * @returns the run as it is now, or `undefined` when its process had claimed it
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
