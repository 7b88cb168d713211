import type { LeaseHolder } from '../lease/holder.ts';
import { truncateList } from '../lib/truncate-list.ts';
import type { JobEntry } from '../model/job-record.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { jobZoneWarnings } from '../schedule/zone-warnings.ts';
import { describeWrongClock, isClockPlausible } from './clock-jump-detector.ts';

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
export function stoppingWarnings(stopRequested: LeaseHolder['stopRequested']): string[] {
  if (stopRequested === null) return [];
  const how = stopRequested === 'force' ? 'its runs are being cancelled' : 'it lets its runs end';
  return [`the scheduler has been asked to stop: it starts no run any more, and ${how}`];
}
