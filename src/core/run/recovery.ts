import type { JobDefinition } from '../job/definition.ts';
import { endGroup, signalGroup } from '../process/group.ts';
import { isAlive } from '../process/identity.ts';
import type { Workspace } from '../workspace.ts';
import { commandsFor } from './callback-choice.ts';
import type { AttemptResult, RunRecord } from './record.ts';
import { retryDelayMs } from './retry.ts';
import { voidStart } from './run-queue.ts';
import { finishAttempt } from './run-transitions.ts';
import { startCallback } from './start-run.ts';

/** How long the run process may take to end by itself after its time is up, before others step in. */
const OVERDUE_GRACE_MS = 10_000;
/** A finished run's own process calls the callback at once; after this long somebody else does. */
const CALLBACK_LATE_MS = 5_000;

/**
 * Looks after the runs that are not over: one whose process is dead is `abandoned` (and retried if its job says so),
 * one whose start nobody claimed goes back to the queue, one that has used up its time is ended, and a callback
 * that its run did not live to make is made. Whoever looks may do it, any number of times and at once: each step
 * is one conditional update.
 * @returns the runs that changed
 */
export function reconcileRuns(workspace: Workspace): RunRecord[] {
  const changed = workspace.runs.active().flatMap((run) => reconcileRun(workspace, run) ?? []);
  for (const run of lateCallbacks(workspace)) startCallback(startContext(workspace), run);
  return changed;
}

/** The same for one run; `undefined` when there was nothing to do. */
export function reconcileRun(workspace: Workspace, run: RunRecord): RunRecord | undefined {
  const now = workspace.clock.now();
  if (run.status === 'starting' && run.startToken !== null && (run.startDeadline ?? 0) < now) {
    voidStart(workspace.db, run.runId, run.startToken, now, 'its process did not report in time');
    return workspace.runs.get(run.runId);
  }
  if (run.status !== 'running' || run.process === null) return undefined;
  if (!isAlive(run.process)) return endOfDeadRun(workspace, run);
  if (run.deadline !== null && now > run.deadline + OVERDUE_GRACE_MS) void endGroup(run.process.pid, 1_000);
  return undefined;
}

/** Writes down how an attempt ended; the retry's time and the callbacks follow from the job as it is now. */
export function recordResult(
  workspace: Workspace,
  run: RunRecord,
  result: AttemptResult,
): { run: RunRecord; failuresBefore: number } | undefined {
  const definition = definitionOf(workspace, run.jobId);
  const now = workspace.clock.now();
  let failuresBefore = 0;
  const finished = finishAttempt(
    workspace.db,
    run.runId,
    run.startToken ?? '',
    result,
    now,
    now + (definition ? retryDelayMs(definition, run.attempt) : 0),
    (status, failures) => {
      failuresBefore = failures;
      return definition !== undefined && commandsFor(definition, status, failures).length > 0;
    },
  );
  return finished && { run: finished, failuresBefore };
}

export function startContext(workspace: Workspace) {
  return { paths: workspace.paths, db: workspace.db, now: () => workspace.clock.now() };
}

function endOfDeadRun(workspace: Workspace, run: RunRecord): RunRecord | undefined {
  const leader = run.process?.pid ?? 0;
  // Its children would go on working for a run that is over.
  signalGroup(leader, 'SIGKILL');
  const overdue = run.deadline !== null && workspace.clock.now() > run.deadline;
  return recordResult(workspace, run, {
    outcome: overdue ? 'timed_out' : 'abandoned',
    error: overdue
      ? { kind: 'timeout', message: 'the run took longer than the job allows (timeout) and was ended' }
      : {
          kind: 'abandoned',
          message: `its process (pid ${leader}) ended without recording an outcome: killed, out of memory, or the machine went down`,
        },
  })?.run;
}

function lateCallbacks(workspace: Workspace): RunRecord[] {
  const late = workspace.clock.now() - CALLBACK_LATE_MS;
  return workspace.db
    .all<{ run_id: string }>(`SELECT run_id FROM runs WHERE callback = 'due' AND finished_at < ?`, [late])
    .flatMap(({ run_id: runId }) => workspace.runs.get(runId) ?? [])
    .filter((run) => run.process === null || !isAlive(run.process));
}

function definitionOf(workspace: Workspace, jobId: string): JobDefinition | undefined {
  const entry = workspace.jobs.get(jobId);
  return entry?.kind === 'valid' ? entry.record.definition : undefined;
}
