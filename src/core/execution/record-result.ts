import { selectCallbacks } from '../model/callbacks.ts';
import type { AttemptResult, RunRecord } from '../model/run-record.ts';
import { voidStart } from '../runs/run-starts.ts';
import { type AttemptFollowUp, finishAttempt } from '../runs/run-transitions.ts';
import type { Workspace } from '../workspace.ts';
import { outcomeMessages } from './outcome-messages.ts';
import { nextRetryAt } from './retry-run.ts';

/**
 * Records how the current attempt ended. Callbacks and messages follow the job as it was when the attempt started, because its file
 * may be invalid, edited or gone by now. {@link nextRetryAt} decides when a retry follows.
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
  const after: AttemptFollowUp = {
    retryAt: nextRetryAt(entry, run.attempt, now),
    pauseAfter: definition?.pause_after_failures ?? null,
    wantsCallback: (status, failuresBefore) =>
      callbacks !== undefined &&
      selectCallbacks(callbacks, status, failuresBefore, result.changes ?? null).length > 0,
    messages: (end, current) => outcomeMessages(workspace, current, callbacks, { end, result, now }),
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
  // In one transaction: between two, another process would find a run without a process, and end it with no reason.
  return workspace.db.transaction(() => {
    const run = voidStart(workspace.db, runId, token, workspace.clock.now());
    if (run?.status !== 'running') return run;
    const error = { kind: 'start_failed', message: `the worker could not be started: ${why}` };
    return recordResult(workspace, run, { outcome: 'failed', error });
  });
}
