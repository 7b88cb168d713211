import type { JobSchedule } from './job-schedule.ts';

/** An occurrence that starts no later than this after its instant is on time, in milliseconds. */
export const ON_TIME_MS = 10_000;

/** No more occurrences than this are caught up or recorded one by one (as Kubernetes stops at 100). */
export const MAX_CATCH_UP = 100;

export interface MisfirePolicy {
  catch_up: 'latest' | 'all' | 'none';
  /** Seconds after which a missed occurrence is not caught up any more; `null` = no limit. */
  misfire_grace_time: number | null;
}

export interface DueOccurrence {
  /** Epoch milliseconds. */
  at: number;
  action: 'run' | 'catch_up' | 'missed';
}

/**
 * What becomes of occurrences that are due: those on time run; of the late ones the policy says which are caught up,
 * the rest are missed.
 * @param due epoch milliseconds, increasing
 */
export function decideDue(due: readonly number[], now: number, policy: MisfirePolicy): DueOccurrence[] {
  const oldestAllowed =
    policy.misfire_grace_time === null ? Number.NEGATIVE_INFINITY : now - policy.misfire_grace_time * 1000;
  const late = due.filter((at) => now - at > ON_TIME_MS);
  const onTime = due.filter((at) => now - at <= ON_TIME_MS);
  const eligible = late.filter((at) => at >= oldestAllowed);
  // An occurrence that is on time makes catching up with the latest late one pointless.
  const caughtUp = new Set(
    policy.catch_up === 'all'
      ? eligible.slice(-MAX_CATCH_UP)
      : policy.catch_up === 'latest' && onTime.length === 0
        ? eligible.slice(-1)
        : [],
  );
  return [
    ...late.map((at) => ({ at, action: caughtUp.has(at) ? ('catch_up' as const) : ('missed' as const) })),
    ...onTime.map((at) => ({ at, action: 'run' as const })),
  ];
}

/**
 * The newest occurrences in (after, until], at most `count`, increasing, and whether there are older ones. Looks back
 * in windows that double, so that a job which was off for a year costs no more than one that was off for an hour.
 */
export function latestOccurrences(
  schedule: JobSchedule,
  after: number,
  until: number,
  count: number,
): { occurrences: number[]; more: boolean } {
  for (let window = 60_000; ; window *= 2) {
    const from = Math.max(after, until - window);
    const found = occurrencesBetween(schedule, from, until);
    if (from === after || found.length > count) {
      return { occurrences: found.slice(-count), more: found.length > count };
    }
  }
}

function occurrencesBetween(schedule: JobSchedule, after: number, until: number): number[] {
  const found: number[] = [];
  let next = schedule.getNextRunTime(new Date(after));
  while (next && next.getTime() <= until) {
    found.push(next.getTime());
    next = schedule.getNextRunTime(next);
  }
  return found;
}
