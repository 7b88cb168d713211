import { setTimeout as delay } from 'node:timers/promises';
import { isActive, type RunRecord } from '../model/run-record.ts';
import { isAlive } from '../process/identity.ts';
import { PROCESS_TREE_VARIABLE } from '../process/process-tree.ts';
import { terminateTree } from '../process/terminate-tree.ts';
import { cancelCallback, requestCancel } from '../runs/run-transitions.ts';
import type { Workspace } from '../workspace.ts';
import { recordResult } from './record-result.ts';
import {
  callbackMark,
  callbackProcessTree,
  describeForeignProcess,
  isOwnedByHome,
  runProcessTree,
} from './run-process-tree.ts';

/**
 * Cancels a run, with or without a scheduler. A waiting one is over at once; for one under way the request is
 * written into its row, and its process with all that it started gets SIGTERM and, after the grace, SIGKILL. Resolves
 * when it is over. In a copy of its home a run's process is left alone, and the row says so. A run that is over already keeps its outcome; a command that its end called is ended.
 * @param graceMs how long it may take to stop by itself; the setting `run_grace`
 * @throws QuickscrapeError `run_not_found`
 */
export async function cancelRun(
  workspace: Workspace,
  runId: string,
  by: string,
  graceMs = 1000 * workspace.settings.get('run_grace'),
): Promise<RunRecord> {
  const run = workspace.runs.find(runId);
  if (!isActive(run.status)) {
    await stopCallback(workspace, run, graceMs);
    return workspace.runs.get(run.runId) ?? run;
  }
  const asked = requestCancel(workspace.db, run.runId, by, workspace.clock.now()) ?? run;
  if (run.status === 'starting' && asked.status === 'cancelled') {
    // Its process would see by itself that its start no longer counts, unless it hangs.
    await terminateTree(runProcessTree(workspace.paths, { ...run, process: null }), graceMs);
  }
  if (asked.status === 'running') {
    await terminateTree(
      runProcessTree(workspace.paths, asked),
      graceMs,
      () => !hasActiveCallback(workspace, asked),
    );
    await waitForOutcomeOrExit(workspace, asked);
    const left = workspace.runs.get(run.runId);
    if (left?.status === 'running') {
      const { process: carrier } = left;
      const isElsewhere = carrier !== null && !isOwnedByHome(workspace.paths, carrier);
      const note = isElsewhere ? describeForeignProcess(carrier) : undefined;
      recordResult(workspace, left, { outcome: 'cancelled', error: null, note });
    }
  }
  // It is over, whether its job's file can be written or not.
  await workspace.jobs.copyRuntime(run.jobId).catch(() => {});
  return workspace.runs.get(run.runId) ?? asked;
}

/** Whether the run ended by itself before it heard of the cancellation: its process calls the callback now. */
function hasActiveCallback(workspace: Workspace, { runId }: RunRecord): boolean {
  const status = workspace.runs.get(runId)?.status;
  return status !== undefined && status !== 'running' && status !== 'cancelled';
}

async function stopCallback(workspace: Workspace, run: RunRecord, graceMs: number): Promise<void> {
  // A command may well cancel its own run; it shall live to see the answer.
  if (process.env[PROCESS_TREE_VARIABLE] === callbackMark(workspace.paths, run.runId)) return;
  if (cancelCallback(workspace.db, run.runId))
    await terminateTree(callbackProcessTree(workspace.paths, run.runId), graceMs);
}

/** A process that was asked to stop may be about to write its own outcome: it is the better witness. */
async function waitForOutcomeOrExit(workspace: Workspace, run: RunRecord): Promise<void> {
  const end = performance.now() + 2_000;
  while (performance.now() < end) {
    if (workspace.runs.get(run.runId)?.status !== 'running') return;
    if (run.process === null || !isOwnedByHome(workspace.paths, run.process) || !isAlive(run.process)) return;
    await delay(25);
  }
}
