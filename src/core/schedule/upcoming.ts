import { JobSchedule } from './job-schedule.ts';
import type { ScheduleDict } from './rule.ts';

/** What is known of a schedule: its first occurrences after `from`, all of them when it has `ended`. Epoch ms. */
interface Known {
  from: number;
  times: readonly number[];
  ended: boolean;
}

const NOTHING: Known = { from: Number.POSITIVE_INFINITY, times: [], ended: false };

/** Many jobs share one schedule object, and ask again and again until its next occurrence has passed. */
const known = new WeakMap<ScheduleDict, Known>();

/** The next `count` occurrences strictly after an instant (epoch ms), in order; fewer when the schedule ends. */
export function upcoming(dict: ScheduleDict, after: number, count: number): readonly number[] {
  const { from, times, ended } = known.get(dict) ?? NOTHING;
  const [first] = times;
  const isStillAhead = after >= from && (first === undefined ? ended : first > after);
  if (isStillAhead && (ended || times.length >= count)) return times.slice(0, count);
  // One asks for the next alone, another for five: the larger number is what is known from then on.
  const wanted = Math.max(count, times.length);
  const found = JobSchedule.fromDict(dict)
    .getNextRunTimes(wanted, new Date(after))
    .map((time) => time.getTime());
  known.set(dict, { from: isStillAhead ? from : after, times: found, ended: found.length < wanted });
  return found.slice(0, count);
}
