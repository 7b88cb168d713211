import { type DiskContext, describeDiskSpace, diskSpace } from '../fs/disk-space.ts';
import { findLeaseHolder, type LeaseHolder } from '../lease/lease.ts';
import type { StartLimits } from '../runs/wait-reason.ts';
import type { Workspace } from '../workspace.ts';

/** The maximum number of concurrent runs: in total (of the running scheduler, else from the settings), and per host. */
export function readConcurrencyLimits(workspace: Workspace): { slots: number; perHost: number } {
  return {
    slots: findLeaseHolder(workspace.db)?.slots ?? workspace.settings.get('max_concurrent_runs'),
    perHost: workspace.settings.get('max_runs_per_host'),
  };
}

/**
 * The current conditions that decide whether a queued run starts.
 * @param holder the running scheduler, `null` for none, if the caller has read it already
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

/** Why the disk prevents new runs, as text; `undefined` when it does not. */
export function describeDiskShortage(place: DiskContext): string | undefined {
  const space = diskSpace(place);
  return space.enough ? undefined : describeDiskSpace(space, place.paths.home);
}
