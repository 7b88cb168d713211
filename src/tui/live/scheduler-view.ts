import { isUnderWay, type RunRecord } from '../../core/run/record.ts';
import { schedulerHolder } from '../../core/scheduler/holder.ts';
import { diskHeld } from '../../core/scheduler/start-limits.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { SchedulerView } from '../home/home-data.ts';

/** Who runs the home's schedules now, the runs that are not over were read already. */
export function readScheduler(
  workspace: Workspace,
  active: readonly RunRecord[],
  warnings: readonly string[],
): SchedulerView {
  const holder = schedulerHolder(workspace.db);
  return {
    state: holder === undefined ? 'off' : holder.stopRequested === null ? 'running' : 'stopping',
    pid: holder?.process.pid ?? null,
    since: holder?.since ?? null,
    version: holder?.version ?? null,
    slots: holder?.slots ?? workspace.settings.get('max_concurrent_runs'),
    slotsUsed: active.filter(isUnderWay).length,
    queued: active.filter(({ status }) => status === 'queued' || status === 'waiting_retry').length,
    held: diskHeld(workspace) ?? null,
    warnings,
  };
}

export function sameScheduler(one: SchedulerView, other: SchedulerView): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
