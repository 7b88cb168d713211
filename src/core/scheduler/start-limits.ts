import type { Workspace } from '../workspace.ts';
import { schedulerHolder } from './holder.ts';

/** How many runs may be under way at once: in all (as the running scheduler has it, else as it would), and on a host. */
export function startLimits(workspace: Workspace): { slots: number; perHost: number } {
  return {
    slots: schedulerHolder(workspace.db)?.slots ?? Number(workspace.settings.get('max_concurrent_runs')),
    perHost: Number(workspace.settings.get('max_runs_per_host')),
  };
}
