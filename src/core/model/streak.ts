import type { StoredStatus } from './run-record.ts';

/** A job's recent failures; instants in epoch milliseconds. */
export interface Streak {
  /** Failed runs in a row; decides about alerts. */
  failures: number;
  /** Failed runs in a row since the job was last resumed; compared with `pause_after_failures`. */
  strikes: number;
  pausedAt: number | null;
  /** The value of `pause_after_failures` when the job was paused. With another value the job is no longer paused. */
  pausedAfter: number | null;
}

/**
 * Updates a job's streak at the end of a run. A success resets it, including the pause. A cancelled run does not change
 * it, because it says nothing about the site; neither does a run that waits for a retry.
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

/** Describes why a job is paused: `a failure`, `5 failures in a row`. */
export function describeFailures(failures: number): string {
  return failures === 1 ? 'a failure' : `${failures} failures in a row`;
}
