import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { HomePaths } from '../fs/paths.ts';
import type { RunRecord } from '../model/run-record.ts';
import { openRunLog, runFiles } from '../runs/run-files.ts';
import { markStarting } from '../runs/run-starts.ts';
import type { Workspace } from '../workspace.ts';
import { recordVoidStart } from './record-result.ts';
import { CLAIM_TIMEOUT_MS } from './run-process.ts';
import type { Start, TaskEnd, WorkerPool } from './worker-pool.ts';
import { startSingleWorker, type WorkerTask } from './worker-process.ts';

/**
 * Gives a queued run to a worker of this machine. Returns false when the run cannot be started (any more), or asks for a
 * worker with certain tags, which this machine is not.
 * @param onEnd called when the worker has ended the attempt, if this process still lives
 * @param pool the workers of the scheduler; default: a worker for this run alone, which outlives this process
 */
export function startRun(
  workspace: Workspace,
  run: RunRecord,
  onEnd: (runId: string) => void = () => {},
  pool?: WorkerPool,
): boolean {
  if (run.pool !== '') return false;
  const { db, clock, paths } = workspace;
  const token = randomUUID();
  if (!markStarting(db, run.runId, token, clock.now() + CLAIM_TIMEOUT_MS)) return false;
  const fail = (why: string) => {
    // Has no effect once the row is claimed; a worker that ended without a claim never will claim it.
    recordVoidStart(workspace, run.runId, token, why);
  };
  const end = (taskEnd: TaskEnd) => {
    if (taskEnd.kind === 'ended') fail(taskEnd.reason);
    onEnd(run.runId);
  };
  try {
    const ended =
      pool?.execute(homeStart(paths, run, { runId: run.runId, token })) ??
      executeAlone(paths, run, { runId: run.runId, token });
    // The database may be closed by then. The next process that opens it finds the dead worker or the unclaimed start.
    void ended.then(end).catch(() => {});
    return true;
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    onEnd(run.runId);
    return false;
  }
}

/**
 * Gives a run to a worker that finishes it: another machine has collected its rows.
 * @param onCallback called when it has finished, and its commands are executed
 * @returns how the worker ended the task, which says nothing about the run; never rejects
 */
export function finishCollectedRun(
  { paths }: Workspace,
  run: RunRecord,
  pool: WorkerPool,
  onCallback: () => void,
): Promise<TaskEnd> {
  const task = { runId: run.runId, token: run.startToken ?? '', isCollected: true };
  return pool.execute({ ...homeStart(paths, run, task), onCallback });
}

function homeStart(
  paths: HomePaths,
  { jobId, runId }: Pick<RunRecord, 'jobId' | 'runId'>,
  task: WorkerTask & { token: string },
): Start {
  return { task, openLog: () => openRunLog(runFiles(paths, jobId, runId)) };
}

/** Starts a worker that makes the due callback of a run whose own worker died before it could. */
export function startCallback(workspace: Workspace, run: RunRecord): void {
  void executeAlone(workspace.paths, run, { runId: run.runId });
}

/**
 * Starts a worker for one task.
 * @throws QuickscrapeError as {@link openRunLog} does
 */
function executeAlone(paths: HomePaths, run: RunRecord, task: WorkerTask): Promise<TaskEnd> {
  const log = openRunLog(runFiles(paths, run.jobId, run.runId));
  try {
    return startSingleWorker(paths, log, task).then((reason) => ({ kind: 'ended', reason }));
  } finally {
    closeSync(log);
  }
}
