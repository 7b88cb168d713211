import type { HomeEvent } from '../../home/home-data.ts';
import { NO_RECENT_CHANGES, type RecentChanges } from './model.ts';

const HIGHLIGHT_MS = 2_000;

/** The pulses once more has happened; counts that move on are no news. */
export function withRecentChanges(
  changes: RecentChanges,
  { activity }: HomeEvent,
  now: number,
): RecentChanges {
  const ids = activity.flatMap(({ jobId }) => jobId ?? []);
  return ids.length === 0
    ? changes
    : new Map([...changes, ...ids.map((id) => [id, now + HIGHLIGHT_MS] as const)]);
}

/** Those that are not over; the same map when none is. */
export function pruneRecentChanges(changes: RecentChanges, now: number): RecentChanges {
  const left = [...changes].filter(([, until]) => until > now);
  if (left.length === changes.size) return changes;
  return left.length === 0 ? NO_RECENT_CHANGES : new Map(left);
}
