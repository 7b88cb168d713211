import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { HomePaths } from '../fs/paths.ts';
import type { RunRecord } from '../model/run-record.ts';
import { startDetached } from '../process/detached-process.ts';
import { NO_PROCESS_TREE } from '../process/process-tree.ts';
import { openRunLog, runFiles } from '../runs/run-files.ts';
import { markStarting } from '../runs/run-queue.ts';
import type { Workspace } from '../workspace.ts';
import { recordVoidStart } from './record-result.ts';
import { runMark, runProcessArgs } from './run-process.ts';
import type { StandbyProcess } from './standby-process.ts';

/** A started process that has not claimed its row after this long is given up, in milliseconds. */
const CLAIM_TIMEOUT_MS = 30_000;

/**
 * Starts the process that executes a queued run (docs/contributing/adr/0003). The process is detached and in its own
 * process group, so that it outlives this one. It writes its own log, to an inherited descriptor. Returns false when the
 * run cannot be started (any more).
 * @param onExit called when the process has ended, if this process still lives
 * @param prepared the run's standby process, if any; it is started or discarded
 */
export function startRun(
  workspace: Workspace,
  run: RunRecord,
  onExit: (runId: string) => void = () => {},
  prepared?: StandbyProcess,
): boolean {
  const token = prepared?.token ?? randomUUID();
  if (!hasBegun(workspace, run.runId, token, prepared)) return false;
  const ended = (why: string) => {
    // Has no effect once the row is claimed; a process that ended without a claim never will claim it.
    recordVoidStart(workspace, run.runId, token, why);
    onExit(run.runId);
  };
  try {
    const isPrepared = prepared?.start(runFiles(workspace.paths, run.jobId, run.runId)) === true;
    const end = isPrepared ? prepared.ended : startFresh(workspace.paths, run, token);
    // The database may be closed by then. The next process that opens it finds the dead process or the unclaimed start.
    void end.then(ended).catch(() => {});
    return true;
  } catch (error) {
    ended(error instanceof Error ? error.message : String(error));
    return false;
  }
}

function hasBegun(
  { db, clock }: Workspace,
  runId: string,
  token: string,
  prepared?: StandbyProcess,
): boolean {
  let begun = false;
  try {
    begun = markStarting(db, runId, token, clock.now() + CLAIM_TIMEOUT_MS);
    return begun;
  } finally {
    if (!begun) prepared?.discard();
  }
}

function startFresh(paths: HomePaths, run: RunRecord, token: string): Promise<string> {
  return startProcess(paths, run, ['--run', run.runId, '--token', token], runMark(paths, run.runId, token));
}

/** Starts a process that makes the due callback of a run whose own process died before it could. */
export function startCallback(workspace: Workspace, run: RunRecord): void {
  void startProcess(workspace.paths, run, ['--run', run.runId, '--callback'], NO_PROCESS_TREE);
}

/**
 * Returns a promise that settles when the process has ended; it never rejects.
 * @throws QuickscrapeError as {@link openRunLog} does
 */
function startProcess(
  paths: HomePaths,
  run: RunRecord,
  args: readonly string[],
  mark: string,
): Promise<string> {
  const log = openRunLog(runFiles(paths, run.jobId, run.runId));
  try {
    return startDetached(runProcessArgs(paths, args), paths.home, log, mark);
  } finally {
    closeSync(log);
  }
}
