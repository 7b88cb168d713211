import { closeSync, writeSync } from 'node:fs';
import type { AttemptResult, RunProcess, RunRecord } from '../model/run-record.ts';
import { isAlive, isFromThisBoot, type ProcessIdentity } from '../process/identity.ts';
import { killTree } from '../process/terminate-tree.ts';
import { openToAppend, runFiles } from '../runs/run-files.ts';
import { listRunning } from '../runs/run-queue.ts';
import { cancelCallback, endCallback } from '../runs/run-transitions.ts';
import { sanitizeLog } from '../runs/sanitize-log.ts';
import type { Workspace } from '../workspace.ts';
import { isPastDeadline } from './past-deadline.ts';
import { recordResult, recordVoidStart } from './record-result.ts';
import {
  callbackProcessTree,
  describeForeignProcess,
  isOwnedByHome,
  runProcessTree,
} from './run-process-tree.ts';
import { startCallback } from './start-run.ts';

/** A finished run's own process calls the callback at once; after this long somebody else does. */
const CALLBACK_LATE_MS = 5_000;
/** A process that was started for a callback and has not claimed it by then will not. */
const CALLBACK_RETRY_MS = 30_000;

/**
 * Looks after the runs that are not over: one whose process is dead is `abandoned` (and retried if its job says so),
 * one whose start nobody claimed goes back to the queue, one that is long overdue is ended, and a callback that its
 * run did not live to make is made. Whoever looks may do it, any number of times and at once: each step
 * is one conditional update.
 * @returns the runs that changed
 */
export function reconcileRuns(workspace: Workspace): RunRecord[] {
  // Those that wait need nobody, and may be a hundred thousand.
  const changed = listRunning(workspace.db).flatMap((run) => reconcileRun(workspace, run) ?? []);
  reconcileCallbacks(workspace);
  return changed;
}

/** The same for one run; `undefined` when there was nothing to do. */
export function reconcileRun(workspace: Workspace, run: RunRecord): RunRecord | undefined {
  const now = workspace.clock.now();
  if (run.status === 'starting' && run.startToken !== null && (run.startDeadline ?? 0) < now) {
    const taken = recordVoidStart(workspace, run.runId, run.startToken, 'it did not report in time');
    // It hangs, or would only learn that its start no longer counts.
    if (taken) killTree(runProcessTree(workspace.paths, run));
    return taken;
  }
  if (run.status !== 'running') return undefined;
  if (run.process === null) return recordResult(workspace, run, NEVER_STARTED);
  if (!isAlive(run.process)) return endDeadRun(workspace, run, run.process);
  if (!isOwnedByHome(workspace.paths, run.process)) return endCopiedRun(workspace, run, run.process);
  return isPastDeadline(workspace, run) ? endOverdueRun(workspace, run) : undefined;
}

/** Whoever counted its starts in vain as a failed attempt did not live to write the failure down. */
const NEVER_STARTED: AttemptResult = {
  outcome: 'failed',
  error: { kind: 'start_failed', message: 'the run process could not be started, several times in a row' },
};

function endDeadRun(workspace: Workspace, run: RunRecord, carrier: ProcessIdentity): RunRecord | undefined {
  // What it started would go on working for a run that is over; nothing outlives a restart of the machine.
  if (isFromThisBoot(carrier)) killTree(runProcessTree(workspace.paths, run));
  const over = recordResult(workspace, run, {
    outcome: 'abandoned',
    error: {
      kind: 'abandoned',
      message: `its process (pid ${carrier.pid}) ended without recording an outcome: killed, out of memory, or the machine went down`,
    },
  });
  // Without a scheduler nobody may look again for days.
  if (over?.callback === 'due') startLateCallback(workspace, over);
  return over;
}

/** Its process goes on for the home of which this is a copy: here it is lost, and nobody is told of it twice. */
function endCopiedRun(workspace: Workspace, run: RunRecord, carrier: RunProcess): RunRecord | undefined {
  const error = { kind: 'abandoned', message: describeForeignProcess(carrier) };
  const over = recordResult(workspace, run, { outcome: 'abandoned', error });
  if (over?.callback === 'due') cancelCallback(workspace.db, run.runId);
  return workspace.runs.get(run.runId) ?? over;
}

/** Its process does not see that its time is up: it is stopped, or hangs. */
function endOverdueRun(workspace: Workspace, run: RunRecord): RunRecord | undefined {
  try {
    // Recorded first: whoever finds it dead without an outcome takes it for abandoned.
    return recordResult(workspace, run, {
      outcome: 'timed_out',
      error: {
        kind: 'timeout',
        message: 'the run took longer than the job allows (timeout) and was ended',
      },
    });
  } finally {
    killTree(runProcessTree(workspace.paths, run));
  }
}

function reconcileCallbacks(workspace: Workspace): void {
  const late = workspace.clock.now() - CALLBACK_LATE_MS;
  const open = workspace.db.all<{ run_id: string }>(
    `SELECT run_id FROM runs WHERE callback IN ('due', 'running') AND finished_at < ?`,
    [late],
  );
  for (const { run_id: runId } of open) {
    const run = workspace.runs.get(runId);
    if (!run) continue;
    if (run.process !== null && isAlive(run.process)) {
      // The home of which this is a copy makes it.
      if (!isOwnedByHome(workspace.paths, run.process)) cancelCallback(workspace.db, runId);
      continue;
    }
    if (run.callback === 'due') startLateCallback(workspace, run);
    else if (run.callback === 'running') markCallbackLost(workspace, run);
  }
}

const callbackStarts = new WeakMap<Workspace, Map<string, number>>();

function startLateCallback(workspace: Workspace, run: RunRecord): void {
  const started = callbackStarts.get(workspace) ?? new Map<string, number>();
  callbackStarts.set(workspace, started);
  const now = workspace.clock.monotonic();
  // One that was started takes a moment to claim the callback, or never will: not one process a look.
  if (now - (started.get(run.runId) ?? Number.NEGATIVE_INFINITY) < CALLBACK_RETRY_MS) return;
  started.set(run.runId, now);
  startCallback(workspace, run);
}

/**
 * Nobody can tell how far it came, so it is not made again. The command may still run, without anybody to see to its
 * limit: it is ended.
 */
function markCallbackLost(workspace: Workspace, run: RunRecord): void {
  killTree(callbackProcessTree(workspace.paths, run.runId));
  const line =
    'callback: the process of the run died while the command ran; the command was ended and is not run again';
  endCallback(workspace.db, run.runId, { how: 'lost', failure: line }, workspace.clock.now());
  const { log } = runFiles(workspace.paths, run.jobId, run.runId);
  const file = openToAppend(log);
  // The dead process did not come to it.
  sanitizeLog(log);
  writeSync(file, `${new Date(workspace.clock.now()).toISOString()} ERROR ${line}\n`);
  closeSync(file);
}
