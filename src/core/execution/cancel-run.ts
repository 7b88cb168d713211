import { setTimeout as delay } from 'node:timers/promises';
import { findLeaseHolder } from '../lease/lease.ts';
import { isActive, isRemote, type RunRecord } from '../model/run-record.ts';
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
 * period, SIGKILL. A run of another machine is ended by its worker, which hears of the request from the scheduler. Without
 * a scheduler, it is still running when this returns. In a copy of the run's home, its process is left alone, and the row notes that. A finished run keeps
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
  if (run.status === 'starting' && run.worker === null && asked.status === 'cancelled') {
    // A worker of this run alone would find out by itself that its start no longer counts, unless it hangs.
    await terminateTree(runProcessTree(workspace.paths, { ...run, process: null }), graceMs);
  }
  const left = isRemote(asked) ? await waitForWorker(workspace, asked, graceMs) : asked;
  if (left?.status === 'running') await endRun(workspace, left, graceMs);
  // The run has finished, even if its job's file cannot be written.
  await workspace.jobs.copyRuntime(run.jobId).catch(() => {});
  return workspace.runs.get(run.runId) ?? asked;
}

/** Ends the processes of a running run, and records that it is cancelled if they did not. */
async function endRun(workspace: Workspace, run: RunRecord, graceMs: number): Promise<void> {
  if (!isRemote(run)) {
    await terminateTree(
      runProcessTree(workspace.paths, run),
      graceMs,
      () => !hasActiveCallback(workspace, run),
    );
    await waitForOutcomeOrExit(workspace, run);
  }
  const left = workspace.runs.get(run.runId);
  if (left?.status !== 'running') return;
  const { process: carrier } = left;
  const isElsewhere = carrier !== null && !isOwnedByHome(workspace.paths, carrier);
  const note = isElsewhere ? describeForeignProcess(carrier) : undefined;
  recordResult(workspace, left, { outcome: 'cancelled', error: null, note });
}

/** How long a worker on another machine may take to report the end of a cancelled run, beyond the grace period. */
const WORKER_REPORT_MS = 5_000;

/**
 * Waits until the worker on another machine has ended the run.
 * @returns the run when it is to be ended from here: its worker did not answer, or a process here has it by now;
 *   `undefined` when it has ended, or no scheduler runs that could tell its worker
 */
async function waitForWorker(
  workspace: Workspace,
  { runId }: RunRecord,
  graceMs: number,
): Promise<RunRecord | undefined> {
  const end = performance.now() + graceMs + WORKER_REPORT_MS;
  while (findLeaseHolder(workspace.db) !== undefined) {
    const run = workspace.runs.get(runId);
    if (run?.status !== 'running') return undefined;
    if (!isRemote(run) || performance.now() >= end) return run;
    await delay(50);
  }
  return undefined;
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
