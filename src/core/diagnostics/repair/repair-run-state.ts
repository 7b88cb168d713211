import { runtimeCopyIn } from '../../database/recovery/runtime-copy.ts';
import { reconcileRuns } from '../../execution/reconcile-runs.ts';
import type { Workspace } from '../../workspace.ts';

/**
 * Records how runs ended whose process died, and renews job files whose copy of the status still says `running`, which a
 * scheduler would do.
 * @returns the runs that were settled, and the jobs whose copies were renewed
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

/** How many runs have lost their process; reads the database, which may be missing or broken, without changing it. */
export async function countDeadRuns(file: string): Promise<number> {
  const { collectDatabase } = await import('../doctor/collect-database.ts');
  const content = collectDatabase(file);
  if (!content.facts.exists || !content.readable) return 0;
  return content.active.filter(({ status, alive }) => status === 'running' && alive !== true).length;
}
