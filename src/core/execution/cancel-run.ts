import { setTimeout as delay } from 'node:timers/promises';
import { isActive, type RunRecord } from '../model/run-record.ts';
import { isAlive } from '../process/identity.ts';
import { PROCESS_TREE_VARIABLE, terminateTree } from '../process/process-tree.ts';
import { cancelCallback, requestCancel } from '../runs/run-transitions.ts';
import type { Workspace } from '../workspace.ts';
import { recordResult } from './record-result.ts';
import {
  callbackMark,
  callbackProcessTree,
  describeForeignProcess,
  isOwnedByHome,
  runProcessTree,
} from './run-process.ts';

/**
 * Cancels a run, with or without a scheduler; resolves when the run has finished. A waiting run is finished at once.
 * For an active run, the request is written into its row, and its process tree gets SIGTERM and, after the grace
 * period, SIGKILL. In a copy of the run's home, its process is left alone, and the row notes that. A finished run keeps
 * its outcome; only a callback that is still running is ended.
 * @param graceMs how long the process tree may take to stop by itself; default: the setting `run_grace`
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
    // A worker of this run alone would find out by itself that its start no longer counts, unless it hangs.
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
  // The run has finished, even if its job's file cannot be written.
  await workspace.jobs.copyRuntime(run.jobId).catch(() => {});
  return workspace.runs.get(run.runId) ?? asked;
}

/** Whether the run ended by itself before the cancellation reached it, so that its process now runs the callback. */
function hasActiveCallback(workspace: Workspace, { runId }: RunRecord): boolean {
  const status = workspace.runs.get(runId)?.status;
  return status !== undefined && status !== 'running' && status !== 'cancelled';
}

async function stopCallback(workspace: Workspace, run: RunRecord, graceMs: number): Promise<void> {
  // A callback may cancel its own run: it must survive to receive the result.
  if (process.env[PROCESS_TREE_VARIABLE] === callbackMark(workspace.paths, run.runId)) return;
  if (cancelCallback(workspace.db, run.runId))
    await terminateTree(callbackProcessTree(workspace.paths, run.runId), graceMs);
}

/** Waits, because a process that was asked to stop may be about to record its own outcome, which is more accurate. */
async function waitForOutcomeOrExit(workspace: Workspace, run: RunRecord): Promise<void> {
  const end = performance.now() + 2_000;
  while (performance.now() < end) {
    if (workspace.runs.get(run.runId)?.status !== 'running') return;
    if (run.process === null || !isOwnedByHome(workspace.paths, run.process) || !isAlive(run.process)) return;
    await delay(25);
  }
}
