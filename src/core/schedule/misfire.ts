import { MINUTE_MS } from '../lib/clock.ts';
import type { JobSchedule } from './job-schedule.ts';

/** An occurrence is on time when it starts at most this long after its instant, in milliseconds. */
export const ON_TIME_MS = 10_000;

/** At most this many occurrences are caught up or recorded one by one (Kubernetes also stops at 100). */
export const MAX_CATCH_UP = 100;

/** Older occurrences are counted up to this number. */
const MAX_COUNTED = 500;

export interface MisfirePolicy {
  catch_up: 'latest' | 'all' | 'none';
  /** Seconds after which a missed occurrence is no longer caught up; `null` = no limit. */
  misfire_grace_time: number | null;
}

/** The part of the policy because of which a late occurrence does not run. */
export type MissedCause = 'grace_time' | 'none' | 'later_one' | 'too_many';

export type DueOccurrence =
  /** Instants are epoch milliseconds. */
  { at: number; action: 'run' } | { at: number; action: 'catch_up' } | MissedOccurrence;

export interface MissedOccurrence {
  at: number;
  action: 'missed';
  because: MissedCause;
}

/**
 * Decides what to do with due occurrences. Occurrences on time run. The policy decides which late ones are caught up;
 * the rest are missed.
 * @param due epoch milliseconds, increasing
 */
export function applyMisfirePolicy(
  due: readonly number[],
  now: number,
  policy: MisfirePolicy,
): DueOccurrence[] {
  const oldestAllowed =
    policy.misfire_grace_time === null ? Number.NEGATIVE_INFINITY : now - policy.misfire_grace_time * 1000;
  const late = due.filter((at) => now - at > ON_TIME_MS);
  const onTime = due.filter((at) => now - at <= ON_TIME_MS);
  const eligible = late.filter((at) => at >= oldestAllowed);
  // An occurrence on time replaces the catch-up of the latest late one.
  const caughtUp = new Set(
    policy.catch_up === 'all'
      ? eligible.slice(-MAX_CATCH_UP)
      : policy.catch_up === 'latest' && onTime.length === 0
        ? eligible.slice(-1)
        : [],
  );
  return [
    ...late.map((at): DueOccurrence => {
      if (caughtUp.has(at)) return { at, action: 'catch_up' };
      const because =
        policy.catch_up === 'none'
          ? 'none'
          : at < oldestAllowed
            ? 'grace_time'
            : policy.catch_up === 'latest'
              ? 'later_one'
              : 'too_many';
      return { at, action: 'missed', because };
    }),
    ...onTime.map((at): DueOccurrence => ({ at, action: 'run' })),
  ];
}

/** Describes the part of a policy that decided. */
export function describeMisfirePolicy(because: MissedCause, policy: MisfirePolicy): string {
  switch (because) {
    case 'none':
      return 'missed occurrences are not run (catch_up: none)';
    case 'grace_time':
      return `older than misfire_grace_time allows (${policy.misfire_grace_time} s)`;
    case 'later_one':
      return 'a later occurrence took its place (catch_up: latest)';
    case 'too_many':
      return `no more than ${MAX_CATCH_UP} occurrences are caught up (catch_up: all)`;
    default:
      return because satisfies never;
  }
}

/** The occurrences beyond the limit for single decisions; instants in epoch milliseconds. */
export interface EarlierOccurrences {
  first: number;
  last: number;
  /** Counted up to {@link MAX_COUNTED}; beyond that `atLeast` is true. */
  count: number;
  atLeast: boolean;
}

/**
 * Returns the newest occurrences in (after, until], at most `count`, increasing, and a summary of the older ones. It
 * searches back in windows that double, so a year of downtime costs no more than an hour.
 */
export function latestOccurrences(
  schedule: JobSchedule,
  after: number,
  until: number,
  count: number,
): { occurrences: number[]; earlier: EarlierOccurrences | undefined } {
  for (let window = MINUTE_MS; ; window *= 2) {
    const from = Math.max(after, until - window);
    const found = occurrencesBetween(schedule, from, until, Number.POSITIVE_INFINITY);
    if (from === after || found.length > count) {
      const older = found.slice(0, -count);
      return { occurrences: found.slice(-count), earlier: summarizeEarlier(schedule, after, from, older) };
    }
  }
}

/** @param older the older occurrences in the window; before it, from `after` on, there may be more */
function summarizeEarlier(
  schedule: JobSchedule,
  after: number,
  windowFrom: number,
  older: readonly number[],
): EarlierOccurrences | undefined {
  const before = occurrencesBetween(schedule, after, windowFrom, MAX_COUNTED + 1);
  const all = [...before, ...older];
  const [first] = all;
  const last = older.at(-1) ?? before.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { first, last, count: Math.min(all.length, MAX_COUNTED), atLeast: all.length > MAX_COUNTED };
}

function occurrencesBetween(schedule: JobSchedule, after: number, until: number, max: number): number[] {
  const found: number[] = [];
  let next = schedule.getNextRunTime(new Date(after));
  while (next && next.getTime() <= until && found.length < max) {
    found.push(next.getTime());
    next = schedule.getNextRunTime(next);
  }
  return found;
}
