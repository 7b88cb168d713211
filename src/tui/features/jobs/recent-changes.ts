import type { HomeEvent } from '../../home/home-data.ts';
import { NO_RECENT_CHANGES, type RecentChanges } from './model.ts';

const HIGHLIGHT_MS = 2_000;

/** The recent changes after a home event. Mere progress of counts is not a change. */
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

/** Removes expired changes; returns the same map when there are none. */
export function pruneRecentChanges(changes: RecentChanges, now: number): RecentChanges {
  const left = [...changes].filter(([, until]) => until > now);
  if (left.length === changes.size) return changes;
  return left.length === 0 ? NO_RECENT_CHANGES : new Map(left);
}
