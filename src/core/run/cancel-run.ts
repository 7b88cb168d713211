import { setTimeout as delay } from 'node:timers/promises';
import { endGroupOf } from '../process/group.ts';
import { isAlive } from '../process/identity.ts';
import type { Workspace } from '../workspace.ts';
import { isActive, type RunRecord } from './record.ts';
import { recordResult } from './record-result.ts';
import { requestCancel } from './run-transitions.ts';

/**
 * Cancels a run, with or without a scheduler. A waiting one is over at once; for one under way the request is
 * written into its row, its process group gets SIGTERM and, after the grace, SIGKILL. Resolves when it is over.
 * A run that is over already is returned as it is.
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
  if (!isActive(run.status)) return run;
  const asked = requestCancel(workspace.db, run.runId, by, workspace.clock.now()) ?? run;
  if (asked.status === 'running' && asked.process) {
    await endGroupOf(asked.process, graceMs);
    await ownRecordOrDeath(workspace, asked);
    const left = workspace.runs.get(run.runId);
    if (left?.status === 'running') {
      recordResult(workspace, left, { outcome: 'cancelled', error: null });
    }
  }
  await workspace.jobs.copyRuntime(run.jobId);
  return workspace.runs.get(run.runId) ?? asked;
}

/** A process that was asked to stop may be about to write its own outcome: it is the better witness. */
async function ownRecordOrDeath(workspace: Workspace, run: RunRecord): Promise<void> {
  const end = performance.now() + 2_000;
  while (performance.now() < end) {
    if (workspace.runs.get(run.runId)?.status !== 'running') return;
    if (run.process && !isAlive(run.process)) return;
    await delay(25);
  }
}
