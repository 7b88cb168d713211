import { findLeaseHolder } from '../../core/lease/holder.ts';
import { describeDiskShortage } from '../../core/lease/start-limits.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { SchedulerView } from '../home/home-data.ts';

/** Who runs the home's schedules now, and how many runs wait or use a slot. */
export function readScheduler(workspace: Workspace, warnings: readonly string[]): SchedulerView {
  const holder = findLeaseHolder(workspace.db);
  const { running, waiting } = workspace.runs.activeCounts();
  return {
    state: holder === undefined ? 'off' : holder.stopRequested === null ? 'running' : 'stopping',
    pid: holder?.process.pid ?? null,
    since: holder?.since ?? null,
    version: holder?.version ?? null,
    slots: holder?.slots ?? workspace.settings.get('max_concurrent_runs'),
    slotsUsed: running,
    queued: waiting,
    held: describeDiskShortage(workspace) ?? null,
    warnings,
  };
}

export function isSchedulerEqual(one: SchedulerView, other: SchedulerView): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
