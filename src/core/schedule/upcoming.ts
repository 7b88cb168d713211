import { JobSchedule } from './job-schedule.ts';
import type { ScheduleDict } from './rule.ts';

/** What is known of a schedule: its occurrences after `from`, all of them when it has `ended`. Epoch ms. */
interface Known {
  schedule: JobSchedule;
  from: number;
  times: readonly number[];
  ended: boolean;
}

/** Many jobs share one schedule object, and ask again and again until its next occurrence has passed. */
const known = new WeakMap<ScheduleDict, Known>();

/** The schedule of a definition, made once for each object. */
export function scheduleOf(dict: ScheduleDict): JobSchedule {
  return entryOf(dict).schedule;
}

/** The next `count` occurrences strictly after an instant (epoch ms), in order; fewer when the schedule ends. */
export function upcoming(dict: ScheduleDict, after: number, count: number): readonly number[] {
  const entry = entryOf(dict);
  const { from, times, ended, schedule } = entry;
  const isStillAhead = after >= from && (times[0] ?? Number.POSITIVE_INFINITY) > after;
  if (isStillAhead && (ended || times.length >= count)) return times.slice(0, count);
  entry.from = after;
  entry.times = schedule.getNextRunTimes(count, new Date(after)).map((time) => time.getTime());
  entry.ended = entry.times.length < count;
  return entry.times;
}

function entryOf(dict: ScheduleDict): Known {
  const found = known.get(dict);
  if (found !== undefined) return found;
  const made = {
    schedule: JobSchedule.fromDict(dict),
    from: Number.POSITIVE_INFINITY,
    times: [],
    ended: false,
  };
  known.set(dict, made);
  return made;
}
