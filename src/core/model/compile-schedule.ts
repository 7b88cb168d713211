import { JobSchedule } from '../schedule/job-schedule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';

const schedules = new WeakMap<ScheduleDict, JobSchedule>();

/** Compiles a schedule. All jobs that share a dictionary share one object. */
export function compileSchedule(dict: ScheduleDict): JobSchedule {
  // A dictionary that is not frozen can still change, so its result is not cached.
  if (!Object.isFrozen(dict)) return JobSchedule.fromDict(dict);
  let schedule = schedules.get(dict);
  if (!schedule) {
    schedule = JobSchedule.fromDict(dict);
    schedules.set(dict, schedule);
  }
  return schedule;
}
