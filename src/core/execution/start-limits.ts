import { type DiskContext, describeDiskSpace, diskSpace } from '../fs/disk-space.ts';
import { findLeaseHolder, type LeaseHolder } from '../lease/lease.ts';
import type { RemoteLimits, StartLimits } from '../runs/wait-reason.ts';
import { readExecutorState } from '../workers/executor-state.ts';
import { isHeardLately } from '../workers/worker-list.ts';
import { listWorkerRecords } from '../workers/worker-records.ts';
import type { Workspace } from '../workspace.ts';

/** The maximum number of concurrent runs: in total (of the running scheduler, else from the settings), and per host. */
export function readConcurrencyLimits(workspace: Workspace): { slots: number; perHost: number } {
  return {
    slots: findLeaseHolder(workspace.db)?.slots ?? workspace.settings.get('max_concurrent_runs'),
    perHost: workspace.settings.get('max_runs_per_host'),
  };
}

/** How many runs can go on at once now, and what sets the limit. */
export interface RunCapacity {
  slots: number;
  limitedBy: 'settings' | 'workers' | 'local';
  /** Whether no run starts at all until a worker comes: then `slots` is what the settings allow. */
  needsWorker: boolean;
}

/** The capacity of this machine and of the workers that take runs: never more than the settings allow. */
export function readRunCapacity(workspace: Workspace): RunCapacity {
  const { slots } = readConcurrencyLimits(workspace);
  const remote = readRemoteLimits(workspace);
  const all = { slots, limitedBy: 'settings', needsWorker: false } as const;
  if (remote === undefined) return all;
  const local = workspace.settings.get('executor_local_slots');
  const { workers } = remote;
  if (workers.length === 0) {
    if (remote.fallsBack) return all;
    if (local === 0) return { ...all, needsWorker: true };
    return local < slots ? { ...all, slots: local, limitedBy: 'local' } : all;
  }
  const available = workers.reduce((sum, worker) => sum + worker.slots, local);
  return available < slots ? { ...all, slots: available, limitedBy: 'workers' } : all;
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
    remote: readRemoteLimits(workspace),
  };
}

/** What is known of the machines that runs go to; `undefined` when the settings name none. */
function readRemoteLimits({ db, clock, settings }: Workspace): RemoteLimits | undefined {
  if (settings.get('executor') === 'local') return undefined;
  const now = clock.now();
  const lostAfterMs = 1000 * settings.get('worker_lost_after');
  const state = readExecutorState(db);
  const present = listWorkerRecords(db).filter(
    ({ drain, lastSeen }) => drain === 0 && isHeardLately(lastSeen, now, lostAfterMs),
  );
  return {
    workers: present.filter(({ problem }) => problem === null),
    unusable: present.filter(({ problem }) => problem !== null),
    awaySince: state?.redis === 'away' ? state.since : null,
    problem: state?.problem,
    fallsBack: settings.get('executor_fallback') === 'local',
  };
}

/** Why the disk prevents new runs, as text; `undefined` when it does not. */
export function describeDiskShortage(place: DiskContext): string | undefined {
  const space = diskSpace(place);
  return space.enough ? undefined : describeDiskSpace(space, place.paths.home);
}
