import { describeDiskSpace, diskSpace } from '../jobs/disk-space.ts';
import type { StartLimits } from '../runs/wait-reason.ts';
import type { Workspace } from '../workspace.ts';
import { findLeaseHolder, type LeaseHolder } from './holder.ts';

/** How many runs may be under way at once: in all (as the running scheduler has it, else as it would), and on a host. */
export function readConcurrencyLimits(workspace: Workspace): { slots: number; perHost: number } {
  return {
    slots: findLeaseHolder(workspace.db)?.slots ?? workspace.settings.get('max_concurrent_runs'),
    perHost: workspace.settings.get('max_runs_per_host'),
  };
}

/**
 * What decides at this moment whether a queued run starts.
 * @param holder the scheduler that runs, `null` for none, where the caller has asked already
 */
export function currentStartLimits(
  workspace: Workspace,
  holder: LeaseHolder | null = findLeaseHolder(workspace.db) ?? null,
): StartLimits {
  return {
    now: workspace.clock.now(),
    slots: holder !== null && holder.stopRequested === null ? holder.slots : null,
    perHost: workspace.settings.get('max_runs_per_host'),
    disk: describeDiskShortage(workspace),
  };
}

/** Why the disk lets no run start, in words; `undefined` when it does. */
export function describeDiskShortage(workspace: Workspace): string | undefined {
  const space = diskSpace(workspace);
  return space.enough ? undefined : describeDiskSpace(space, workspace.paths.home);
}
