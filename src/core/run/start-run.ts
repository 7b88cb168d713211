import { randomUUID } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { HomePaths } from '../paths.ts';
import { startDetached } from '../process/detached.ts';
import { NO_TREE } from '../process/tree.ts';
import { programFile } from '../program.ts';
import type { Workspace } from '../workspace.ts';
import type { RunRecord } from './record.ts';
import { recordVoidStart } from './record-result.ts';
import { openRunLog, runFiles } from './run-files.ts';
import { beginStart } from './run-queue.ts';
import { runMark } from './run-tree.ts';

/** A started process that has not claimed its row by then is given up, in milliseconds. */
const CLAIM_WITHIN_MS = 30_000;
/** Enough for the largest page that is fetched; what takes more is a selector that matches everything many times over. */
const MOST_MEMORY_MB = 1024;

/**
 * Starts the process that carries a queued run, detached and in a group of its own, so that it outlives this one;
 * it writes its log itself, to a descriptor that it inherits. False when the run cannot be started (any more).
 * @param onExit called when the process has ended, if this one still lives
 */
export function startRun(
  workspace: Workspace,
  run: RunRecord,
  onExit: (runId: string) => void = () => {},
): boolean {
  const token = randomUUID();
  if (!beginStart(workspace.db, run.runId, token, workspace.clock.now() + CLAIM_WITHIN_MS)) return false;
  const ended = (why: string) => {
    // Of no effect once the row has been claimed; a process that ended without doing so never will.
    recordVoidStart(workspace, run.runId, token, why);
    onExit(run.runId);
  };
  try {
    withRunLog(workspace.paths, run, async (log) => {
      const why = await startProcess(
        workspace.paths,
        ['--run', run.runId, '--token', token],
        log,
        runMark(run.runId, token),
      );
      try {
        ended(why);
      } catch {
        // Our database was closed meanwhile: whoever opens it next finds the dead process or the unclaimed start.
      }
    });
    return true;
  } catch (error) {
    ended(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** Starts a process that makes the due callback of a run whose own process died before it could. */
export function startCallback(workspace: Workspace, run: RunRecord): void {
  withRunLog(workspace.paths, run, async (log) => {
    await startProcess(workspace.paths, ['--run', run.runId, '--callback'], log, NO_TREE);
  });
}

/** Opens the run's log for a child to inherit. The promise is for what comes long after; it never rejects. */
function withRunLog(paths: HomePaths, run: RunRecord, start: (log: number) => Promise<void>): void {
  const log = openRunLog(runFiles(paths, run.jobId, run.runId));
  try {
    void start(log);
  } finally {
    closeSync(log);
  }
}

function startProcess(paths: HomePaths, args: readonly string[], log: number, mark: string): Promise<string> {
  const where = ['--home', paths.home, '--jobs-dir', paths.jobs];
  return startDetached([...memoryFlags(), programFile('run'), ...where, ...args], paths.home, log, mark);
}

/** Four runs without a limit may take all memory of the machine. Who starts us may have said another one. */
function memoryFlags(): string[] {
  const isSaid = process.env['NODE_OPTIONS']?.includes('max-old-space-size') === true;
  return isSaid ? [] : [`--max-old-space-size=${MOST_MEMORY_MB}`];
}
