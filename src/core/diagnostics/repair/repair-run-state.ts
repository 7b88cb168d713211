import { runtimeCopyIn } from '../../database/recovery/runtime-copy.ts';
import { reconcileRuns } from '../../execution/reconcile-runs.ts';
import type { Workspace } from '../../workspace.ts';

/**
 * Does what a scheduler would do: records the outcome of runs whose process died, and updates job files whose copied
 * status is still `running`.
 * @returns the reconciled runs, and the jobs whose copies were updated
 */
export async function repairRunState(workspace: Workspace): Promise<{ runs: string[]; copies: string[] }> {
  const runs = reconcileRuns(workspace).map(({ runId }) => runId);
  const copies: string[] = [];
  for (const entry of workspace.jobs.list()) {
    if (entry.kind !== 'valid' || entry.state.status === 'running') continue;
    if (runtimeCopyIn(entry.record.file, workspace.clock.now())?.status !== 'running') continue;
    await workspace.jobs.copyRuntime(entry.id);
    copies.push(entry.id);
  }
  return { runs, copies };
}

/**
 * Counts the runs that have lost their process. Reads the database, which may be missing or damaged, without changing
 * it.
 */
export async function countDeadRuns(file: string): Promise<number> {
  const { collectDatabase } = await import('../doctor/collect-database.ts');
  const content = collectDatabase(file);
  if (!content.facts.exists || !content.readable) return 0;
  return content.active.filter(({ status, alive }) => status === 'running' && alive !== true).length;
}
