import { statSync } from 'node:fs';
import { diskSpace } from '../../fs/disk-space.ts';
import { createHostReader } from '../../jobs/filter/select-jobs.ts';
import { findLeaseHolder } from '../../lease/lease.ts';
import { BUILD } from '../../lib/program.ts';
import { listChannelHealth } from '../../messages/channel-health.ts';
import { type OutcomeFigures, readLongestWait, readOutcomeFigures } from '../../runs/run-figures.ts';
import type { Workspace } from '../../workspace.ts';
import type { MetricFacts } from './metric-facts.ts';

/** Reads what the figures of a home are computed from. @throws QuickscrapeError `store_unavailable` */
export function collectMetricFacts(workspace: Workspace): MetricFacts {
  const { db, jobs, runs, settings, paths, configs } = workspace;
  const now = workspace.clock.now();
  const holder = findLeaseHolder(db);
  const { waiting, running } = runs.activeCounts();
  const { free, needed } = diskSpace(workspace);
  const outcomes = byJob(readOutcomeFigures(db));
  const entries = jobs.list();
  const hostsOf = createHostReader(configs);
  return {
    now,
    version: BUILD,
    schedulerSince: holder?.since ?? null,
    slots: holder?.slots ?? settings.get('max_concurrent_runs'),
    waiting,
    running,
    longestWaitSince: readLongestWait(db, now),
    freeBytes: free,
    neededBytes: needed,
    databaseBytes: sizeOf(paths.database) + sizeOf(`${paths.database}-wal`),
    channels: listChannelHealth(db, now),
    invalidJobs: entries.filter(({ kind }) => kind !== 'valid').length,
    jobs: entries.flatMap((entry) => {
      if (entry.kind !== 'valid') return [];
      const { id, record, state } = entry;
      return {
        id,
        config: record.definition.config_name,
        host: hostsOf(entry)?.[0] ?? null,
        enabled: record.definition.enabled,
        paused: state.pausedAt !== null,
        failures: state.failures,
        nextRun: state.nextRun,
        outcomes: outcomes.get(id) ?? [],
      };
    }),
  };
}

function byJob(figures: readonly OutcomeFigures[]): Map<string, OutcomeFigures[]> {
  const found = new Map<string, OutcomeFigures[]>();
  for (const one of figures) {
    const others = found.get(one.jobId);
    if (others === undefined) found.set(one.jobId, [one]);
    else others.push(one);
  }
  return found;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
