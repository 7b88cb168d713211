import { appendFileSync } from 'node:fs';
import { endGroupOf, killGroupOf } from '../process/group.ts';
import { isAlive, type ProcessIdentity } from '../process/identity.ts';
import type { Workspace } from '../workspace.ts';
import type { RunRecord } from './record.ts';
import { recordResult, recordVoidStart } from './record-result.ts';
import { runFiles } from './run-files.ts';
import { endCallback } from './run-transitions.ts';
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
  reconcileCallbacks(workspace);
  return changed;
}

/** The same for one run; `undefined` when there was nothing to do. */
export function reconcileRun(workspace: Workspace, run: RunRecord): RunRecord | undefined {
  const now = workspace.clock.now();
  if (run.status === 'starting' && run.startToken !== null && (run.startDeadline ?? 0) < now) {
    return recordVoidStart(workspace, run.runId, run.startToken, 'it did not report in time');
  }
  if (run.status !== 'running' || run.process === null) return undefined;
  if (!isAlive(run.process)) return endOfDeadRun(workspace, run, run.process);
  if (run.deadline !== null && now > run.deadline + OVERDUE_GRACE_MS) void endGroupOf(run.process, 1_000);
  return undefined;
}

function endOfDeadRun(workspace: Workspace, run: RunRecord, carrier: ProcessIdentity): RunRecord | undefined {
  // Its children would go on working for a run that is over.
  killGroupOf(carrier);
  const overdue = run.deadline !== null && workspace.clock.now() > run.deadline;
  return recordResult(workspace, run, {
    outcome: overdue ? 'timed_out' : 'abandoned',
    error: overdue
      ? { kind: 'timeout', message: 'the run took longer than the job allows (timeout) and was ended' }
      : {
          kind: 'abandoned',
          message: `its process (pid ${carrier.pid}) ended without recording an outcome: killed, out of memory, or the machine went down`,
        },
  })?.run;
}

function reconcileCallbacks(workspace: Workspace): void {
  const late = workspace.clock.now() - CALLBACK_LATE_MS;
  const open = workspace.db.all<{ run_id: string }>(
    `SELECT run_id FROM runs WHERE callback IN ('due', 'running') AND finished_at < ?`,
    [late],
  );
  for (const { run_id: runId } of open) {
    const run = workspace.runs.get(runId);
    if (!run || (run.process !== null && isAlive(run.process))) continue;
    if (run.callback === 'due') startCallback(workspace, run);
    else loseCallback(workspace, run);
  }
}

/** Nobody can tell how far it came, so it is not made again. */
function loseCallback(workspace: Workspace, run: RunRecord): void {
  endCallback(workspace.db, run.runId, 'lost');
  const { log } = runFiles(workspace.paths, run.jobId, run.runId);
  const line = 'callback: the process that made it died over it; it is not made again';
  appendFileSync(log, `${new Date(workspace.clock.now()).toISOString()} WARN  ${line}\n`, { mode: 0o600 });
}
