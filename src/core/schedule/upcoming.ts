import { JobSchedule } from './job-schedule.ts';
import type { ScheduleDict } from './rule.ts';

/** What is known of a schedule: its first occurrences after `from`, all of them when it has `ended`. Epoch ms. */
interface CachedOccurrences {
  from: number;
  times: readonly number[];
  ended: boolean;
}

const NOTHING_CACHED: CachedOccurrences = { from: Number.POSITIVE_INFINITY, times: [], ended: false };

/** Many jobs share one schedule object, and ask again and again until its next occurrence has passed. */
const cache = new WeakMap<ScheduleDict, CachedOccurrences>();

/** The next `count` occurrences strictly after an instant (epoch ms), in order; fewer when the schedule ends. */
export function upcoming(dict: ScheduleDict, after: number, count: number): readonly number[] {
  const { from, times, ended } = cache.get(dict) ?? NOTHING_CACHED;
  const [first] = times;
  const isCacheValid = after >= from && (first === undefined ? ended : first > after);
  if (isCacheValid && (ended || times.length >= count)) return times.slice(0, count);
  // One asks for the next alone, another for five: the larger number is what is known from then on.
  const limit = Math.max(count, times.length);
  const found = JobSchedule.fromDict(dict)
    .getNextRunTimes(limit, new Date(after))
    .map((time) => time.getTime());
  cache.set(dict, { from: isCacheValid ? from : after, times: found, ended: found.length < limit });
  return found.slice(0, count);
}
