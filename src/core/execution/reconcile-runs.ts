import { closeSync, writeSync } from 'node:fs';
import { DAY_MS } from '../lib/clock.ts';
import { RecentTimes } from '../lib/recent-times.ts';
import { type AttemptResult, isRemote, type RunProcess, type RunRecord } from '../model/run-record.ts';
import { isAlive, isFromThisBoot, type ProcessIdentity } from '../process/identity.ts';
import { killTree } from '../process/process-tree.ts';
import { openToAppend, runFiles } from '../runs/run-files.ts';
import { listRunning } from '../runs/run-queue.ts';
import { takeBackStart } from '../runs/run-starts.ts';
import { cancelCallback, endCallback } from '../runs/run-transitions.ts';
import { sanitizeLog } from '../runs/sanitize-log.ts';
import type { Workspace } from '../workspace.ts';
import { recordResult, recordVoidStart } from './record-result.ts';
import { callbackProcessTree, describeForeignProcess, isOwnedByHome, runProcessTree } from './run-process.ts';
import { startCallback } from './start-run.ts';

/** The worker of a finished run makes the callback at once; after this long, another process does so. */
const CALLBACK_LATE_MS = 5_000;
/** A process that was started for a callback and has not claimed it after this long never will. */
const CALLBACK_RETRY_MS = 30_000;

/**
 * Reconciles active runs. A run whose process died becomes `abandoned` (and is retried if its job says so). An
 * unclaimed start returns to the queue, an overdue run is ended, and a callback that the dead process did not make is
 * started. Any process may call this, repeatedly and concurrently: each step is one conditional update.
 * @param reconcileRemote what an executor does about a run of another machine; omitted: nothing
 * @returns the runs that changed
 */
export function reconcileRuns(
  workspace: Workspace,
  reconcileRemote: (run: RunRecord) => RunRecord | undefined = () => undefined,
): RunRecord[] {
  // Only running ones: waiting runs need no reconciling, and there may be a hundred thousand of them.
  const changed = listRunning(workspace.db).flatMap(
    (run) => reconcileRun(workspace, run) ?? (run.worker === null ? undefined : reconcileRemote(run)) ?? [],
  );
  reconcileCallbacks(workspace);
  return changed;
}

/**
 * Reconciles one run; returns `undefined` when nothing changed. A run that another machine has, or whose rows are being
 * finished here, is left to the executor of the scheduler: only that hears of its worker, and knows whether another
 * process can finish it.
 */
export function reconcileRun(workspace: Workspace, run: RunRecord): RunRecord | undefined {
  if (isRemote(run)) return undefined;
  const now = workspace.clock.now();
  if (run.status === 'starting' && run.startToken !== null && (run.startDeadline ?? 0) < now) {
    const taken = recordVoidStart(workspace, run.runId, run.startToken, 'it did not report in time');
    // A worker of this run alone hangs, or would only find out that its start no longer counts. The process in the row
    // executed an earlier attempt, and may execute another run by now.
    if (taken) killTree(runProcessTree(workspace.paths, { ...run, process: null }));
    return taken;
  }
  if (run.status !== 'running') return undefined;
  if (run.process === null) return recordResult(workspace, run, NEVER_STARTED);
  if (!isAlive(run.process)) return run.worker === null ? endDeadRun(workspace, run, run.process) : undefined;
  if (!isOwnedByHome(workspace.paths, run.process)) return endCopiedRun(workspace, run, run.process);
  return isPastDeadline(workspace, run) ? endOverdueRun(workspace, run) : undefined;
}

/**
 * Reconciles a run of another machine for a scheduler that uses none, after its settings were changed. A start that no
 * worker has claimed is taken back at once. A claimed run may still go on over there, so it is abandoned only when its
 * time is up: another attempt would burden its host together with it.
 */
export function reclaimRemoteRun(workspace: Workspace, run: RunRecord): RunRecord | undefined {
  if (run.status === 'starting') return takeBackStart(workspace.db, run.startToken ?? '');
  if (run.process !== null && isAlive(run.process)) return undefined;
  if (!isPastDeadline(workspace, run)) return undefined;
  const message = `worker ${run.worker} executed it when runs no longer went to other machines: no outcome came`;
  return recordResult(workspace, run, {
    outcome: 'abandoned',
    error: { kind: 'abandoned', message },
  });
}

/**
 * Outcome of a run whose starts were counted as a failed attempt by a process that died before it recorded the failure.
 */
const NEVER_STARTED: AttemptResult = {
  outcome: 'failed',
  error: { kind: 'start_failed', message: 'the worker could not be started, several times in a row' },
};

function endDeadRun(workspace: Workspace, run: RunRecord, carrier: ProcessIdentity): RunRecord | undefined {
  // Its child processes would continue to work for a finished run. After a reboot none of them exists.
  if (isFromThisBoot(carrier)) killTree(runProcessTree(workspace.paths, run));
  const over = recordResult(workspace, run, {
    outcome: 'abandoned',
    error: {
      kind: 'abandoned',
      message: `its process (pid ${carrier.pid}) ended without recording an outcome: killed, out of memory, or the machine went down`,
    },
  });
  // Without a scheduler, the next reconciliation may be days away.
  if (over?.callback === 'due') startLateCallback(workspace, over);
  return over;
}

/**
 * The process still runs for the home of which this one is a copy. Here the run is abandoned, and its callback is
 * cancelled so that it is not made twice.
 */
function endCopiedRun(workspace: Workspace, run: RunRecord, carrier: RunProcess): RunRecord | undefined {
  const error = { kind: 'abandoned', message: describeForeignProcess(carrier) };
  const over = recordResult(workspace, run, { outcome: 'abandoned', error });
  if (over?.callback === 'due') cancelCallback(workspace.db, run.runId);
  return workspace.runs.get(run.runId) ?? over;
}

/** The process has not noticed its deadline: it is suspended or hangs. */
function endOverdueRun(workspace: Workspace, run: RunRecord): RunRecord | undefined {
  // Recorded before the kill: a reconciliation that finds a dead process without an outcome would record `abandoned`.
  const recorded = recordResult(workspace, run, {
    outcome: 'timed_out',
    error: {
      kind: 'timeout',
      message: 'the run took longer than the job allows (timeout) and was ended',
    },
  });
  // If the run has ended meanwhile, its worker may execute another one by now.
  if (recorded) killTree(runProcessTree(workspace.paths, run));
  return recorded;
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
      // The original home makes this callback; this home is a copy.
      if (!isOwnedByHome(workspace.paths, run.process)) cancelCallback(workspace.db, runId);
      continue;
    }
    if (run.callback === 'due') startLateCallback(workspace, run);
    else if (run.callback === 'running') markCallbackLost(workspace, run);
  }
}

const callbackStarts = new WeakMap<Workspace, RecentTimes>();

function startLateCallback(workspace: Workspace, run: RunRecord): void {
  const started = callbackStarts.get(workspace) ?? new RecentTimes(CALLBACK_RETRY_MS);
  callbackStarts.set(workspace, started);
  const now = workspace.clock.monotonic();
  // A started process needs a moment to claim the callback, or never does. Without this limit, each reconciliation
  // would start another process.
  if (started.get(run.runId, now) !== undefined) return;
  started.set(run.runId, now);
  startCallback(workspace, run);
}

/**
 * Records a callback as lost when its process died. Its progress is unknown, so it is not repeated. The command may
 * still be running without a time limit, so it is ended.
 */
function markCallbackLost(workspace: Workspace, run: RunRecord): void {
  killTree(callbackProcessTree(workspace.paths, run.runId));
  const line = 'callback: the worker died while the command ran; the command was stopped and is not repeated';
  endCallback(workspace.db, run.runId, { how: 'lost', failure: line }, workspace.clock.now());
  const { log } = runFiles(workspace.paths, run.jobId, run.runId);
  const file = openToAppend(log);
  // The dead process did not sanitize the end of its log.
  sanitizeLog(log);
  writeSync(file, `${new Date(workspace.clock.now()).toISOString()} ERROR ${line}\n`);
  closeSync(file);
}

/** How long a worker may take to end by itself after its deadline, before another process ends it. */
const OVERDUE_GRACE_MS = 10_000;

/** Of runs that have ended otherwise meanwhile, in milliseconds. */
const FORGET_OVERDUE_MS = DAY_MS;

const seen = new WeakMap<Workspace, RecentTimes>();

/**
 * Whether a run is long past its deadline: this process has observed that for ten seconds without interruption, on the
 * monotonic clock. A wall clock that was set, or a machine that has just woken up, makes no run overdue. The worker
 * counts its real running time, and the scheduler moves the deadline.
 */
function isPastDeadline(workspace: Workspace, run: RunRecord): boolean {
  const since = seen.get(workspace) ?? new RecentTimes(FORGET_OVERDUE_MS);
  seen.set(workspace, since);
  if (run.deadline === null || workspace.clock.now() <= run.deadline) {
    since.delete(run.runId);
    return false;
  }
  const now = workspace.clock.monotonic();
  const first = since.get(run.runId, now);
  if (first === undefined) {
    since.set(run.runId, now);
    return false;
  }
  if (now - first < OVERDUE_GRACE_MS) return false;
  since.delete(run.runId);
  return true;
}
