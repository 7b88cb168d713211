import { recentDataLoss } from '../database/recovery/data-loss.ts';
import { findLeaseHolder } from '../lease/holder.ts';
import { describeDiskShortage } from '../lease/start-limits.ts';
import { BUILD } from '../lib/version.ts';
import { wrongZones, zoneDataVersion } from '../schedule/zone-data.ts';
import type { Workspace } from '../workspace.ts';
import { statusWarnings, stoppingWarnings } from './status-warnings.ts';

/** Status of a home's scheduler; instants in epoch milliseconds. */
export interface SchedulerStatus {
  running: boolean;
  pid: number | null;
  since: number | null;
  /** Number of valid job files. */
  jobs: number;
  enabled: number;
  /** Runs that wait in the queue or for a retry. */
  queued: number;
  runningRuns: number;
  slots: number;
  /** The earliest next occurrence of all enabled jobs. */
  nextRun: number | null;
  uptimeS: number | null;
  version: string;
  /** Why due runs do not start (the disk is too full), as text; `null` when nothing blocks them. */
  held: string | null;
  /** Node's time zone data: the version, and zone names that are known to be wrong in it. */
  timeZoneData: { version: string; wrongZones: string[] };
  /**
   * Problems that need a person's attention, as text: a requested stop, why runs do not start, lost data, jobs in wrong
   * zones, paused jobs, unusable files.
   */
  warnings: string[];
}

export function schedulerStatus(workspace: Workspace): SchedulerStatus {
  const holder = findLeaseHolder(workspace.db);
  const now = workspace.clock.now();
  const entries = workspace.jobs.list();
  const jobs = entries.flatMap((entry) => (entry.kind === 'valid' ? [entry] : []));
  const enabled = jobs.filter(({ record }) => record.definition.enabled);
  const runs = workspace.runs.activeCounts();
  const next = enabled.reduce(
    (earliest, { state }) => Math.min(earliest, state.nextRun ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );
  const held = describeDiskShortage(workspace) ?? null;
  const loss = recentDataLoss(workspace.db, workspace.paths.database, now);
  return {
    running: holder !== undefined,
    pid: holder?.process.pid ?? null,
    since: holder?.since ?? null,
    jobs: jobs.length,
    enabled: enabled.length,
    queued: runs.waiting,
    runningRuns: runs.running,
    slots: holder?.slots ?? workspace.settings.get('max_concurrent_runs'),
    nextRun: Number.isFinite(next) ? next : null,
    uptimeS: holder ? Math.max(0, Math.round((now - holder.since) / 1000)) : null,
    version: holder?.version ?? BUILD,
    held,
    timeZoneData: { version: zoneDataVersion(), wrongZones: wrongZones(now).map(({ zone }) => zone) },
    warnings: [
      ...stoppingWarnings(holder?.stopRequested ?? null),
      ...(held === null ? [] : [`no runs start: ${held}`]),
      ...(loss === undefined ? [] : [loss.text]),
      ...statusWarnings(entries, now),
    ],
  };
}
