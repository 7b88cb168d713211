import type { StoredStatus } from './run-record.ts';

/** How a job has been faring; instants in epoch milliseconds. */
export interface Streak {
  /** Failed runs in a row: what alerts go by. */
  failures: number;
  /** The same since the job was last resumed: what `pause_after_failures` counts. */
  strikes: number;
  pausedAt: number | null;
  /** The value of `pause_after_failures` under which it was paused; with another value it is not paused any more. */
  pausedAfter: number | null;
}

/**
 * What the end of a run makes of its job's streak. A success ends all of it, also the pause. A cancelled run says
 * nothing about the site, and one that waits for a retry nothing yet.
 * @param pauseAfter `pause_after_failures`, 0 = never; `null` while the job's file cannot be read
 */
export function streakAfter(
  streak: Streak,
  status: StoredStatus,
  pauseAfter: number | null,
  now: number,
): Streak {
  switch (status) {
    case 'succeeded':
      return { failures: 0, strikes: 0, pausedAt: null, pausedAfter: null };
    case 'failed':
    case 'timed_out':
    case 'abandoned':
      return afterFailure(streak, pauseAfter, now);
    default:
      return streak;
  }
}

function afterFailure(streak: Streak, pauseAfter: number | null, now: number): Streak {
  const failures = streak.failures + 1;
  if (pauseAfter === null) return { ...streak, failures, strikes: streak.strikes + 1 };
  const wasPaused = pausedSince(streak, pauseAfter);
  const resumedByEdit = streak.pausedAt !== null && wasPaused === null;
  const strikes = (resumedByEdit ? 0 : streak.strikes) + 1;
  const pausedAt = wasPaused ?? (pauseAfter > 0 && strikes >= pauseAfter ? now : null);
  return { failures, strikes, pausedAt, pausedAfter: pausedAt === null ? null : pauseAfter };
}

/** Since when a job with this `pause_after_failures` is paused; `null` when it is not. */
export function pausedSince(
  { pausedAt, pausedAfter }: Pick<Streak, 'pausedAt' | 'pausedAfter'>,
  pauseAfter: number,
): number | null {
  return pauseAfter > 0 && pausedAfter === pauseAfter ? pausedAt : null;
}
