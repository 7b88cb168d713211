import { JobSchedule } from './job-schedule.ts';
import type { ScheduleDict } from './rule.ts';

/** The cached occurrences of a schedule: the first ones after `from`, or all of them when it has `ended`. Epoch ms. */
interface CachedOccurrences {
  from: number;
  times: readonly number[];
  ended: boolean;
}

const NOTHING_CACHED: CachedOccurrences = { from: Number.POSITIVE_INFINITY, times: [], ended: false };

/** Many jobs share one schedule object, and request the same occurrences until the next one has passed. */
const cache = new WeakMap<ScheduleDict, CachedOccurrences>();

/**
 * Returns the next `count` occurrences strictly after an instant (epoch ms), in order; fewer when the schedule ends.
 */
export function upcoming(dict: ScheduleDict, after: number, count: number): readonly number[] {
  const { from, times, ended } = cache.get(dict) ?? NOTHING_CACHED;
  const [first] = times;
  const isCacheValid = after >= from && (first === undefined ? ended : first > after);
  if (isCacheValid && (ended || times.length >= count)) return times.slice(0, count);
  // Callers request different counts, so the cache keeps the largest.
  const limit = Math.max(count, times.length);
  const found = JobSchedule.fromDict(dict)
    .getNextRunTimes(limit, new Date(after))
    .map((time) => time.getTime());
  cache.set(dict, { from: isCacheValid ? from : after, times: found, ended: found.length < limit });
  return found.slice(0, count);
}
