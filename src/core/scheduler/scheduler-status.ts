import { recentDataLoss } from '../database/recovery/data-loss.ts';
import { describeDiskShortage } from '../execution/start-limits.ts';
import { findLeaseHolder, type LeaseHolder } from '../lease/lease.ts';
import { BUILD } from '../lib/program.ts';
import { truncateList } from '../lib/text.ts';
import type { JobEntry, ValidJob } from '../model/job-record.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { jobZoneWarnings } from '../schedule/schedule-warnings.ts';
import { wrongZones, zoneDataVersion } from '../schedule/zone-data.ts';
import type { Workspace } from '../workspace.ts';
import { describeWrongClock, isClockPlausible } from './clock-jump.ts';
import { type ExecutorView, readExecutorView } from './executor-view.ts';

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
  timezoneData: { version: string; wrongZones: string[] };
  /** Where runs are executed. */
  executor: Omit<ExecutorView, 'warnings'>;
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
  const { warnings: executorWarnings, ...executor } = readExecutorView(workspace, holder !== undefined);
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
    timezoneData: { version: zoneDataVersion(), wrongZones: wrongZones(now).map(({ zone }) => zone) },
    executor,
    warnings: [
      ...stoppingWarnings(holder?.stopRequested ?? null),
      ...(held === null ? [] : [`no runs start: ${held}`]),
      ...executorWarnings,
      ...(loss === undefined ? [] : [loss.text]),
      ...statusWarnings(entries, now),
    ],
  };
}

/**
 * Describes problems of a home's jobs that need a person: jobs that cannot run, are paused, or are in wrong time zones.
 */
export function statusWarnings(entries: readonly JobEntry[], now: number): string[] {
  const jobs = entries.flatMap((entry) => (entry.kind === 'valid' ? [entry] : []));
  const enabled = jobs.filter(({ record }) => record.definition.enabled);
  const unusable = entries.filter(({ kind }) => kind !== 'valid').map(({ id }) => id);
  const paused = enabled.flatMap(({ id, state, record }) =>
    state.pausedAt === null
      ? []
      : [`${id} (since ${formatInstant(state.pausedAt, record.definition.schedule.timezone)})`],
  );
  return [
    ...(isClockPlausible(now) ? [] : [describeWrongClock(now)]),
    ...(unusable.length === 0 ? [] : [`job files that cannot be used: ${truncateList(unusable)}`]),
    ...(paused.length === 0 ? [] : [`jobs paused after failures: ${truncateList(paused)}`]),
    ...jobZoneWarnings(
      enabled.map(({ id, record }) => ({ jobId: id, timezone: record.definition.schedule.timezone })),
      now,
    ),
  ];
}

/** Warns that the scheduler was asked to stop: until it has stopped, it holds the lease but starts no run. */
function stoppingWarnings(stopRequested: LeaseHolder['stopRequested']): string[] {
  if (stopRequested === null) return [];
  const how = stopRequested === 'force' ? 'its active runs are being cancelled' : 'waits for its active runs';
  return [`the scheduler was asked to stop: it starts no more runs, and ${how}`];
}

/**
 * Warns the caller that creates, changes or runs a job when no scheduler will start it at its times. Empty when a
 * scheduler is running, and for a job that would not start anyway.
 */
export function schedulerWarnings(
  { db, formatHint }: Workspace,
  { record, state }: Pick<ValidJob, 'record' | 'state'>,
): string[] {
  if (!record.definition.enabled || state.pausedAt !== null || state.nextRun === null) return [];
  const holder = findLeaseHolder(db);
  if (holder?.stopRequested === null) return [];
  const what = holder === undefined ? 'No scheduler is running' : 'The scheduler is stopping';
  return [
    `${what}, so job ${record.id} does not start on schedule: ${formatHint({ id: 'start_scheduler' })}`,
  ];
}
