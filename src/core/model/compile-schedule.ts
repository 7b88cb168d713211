import { JobSchedule } from '../schedule/job-schedule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';

const schedules = new WeakMap<ScheduleDict, JobSchedule>();

/** What a dictionary means; one object for all jobs that share it. */
export function compileSchedule(dict: ScheduleDict): JobSchedule {
  // One that can still be changed may mean something else tomorrow.
  if (!Object.isFrozen(dict)) return JobSchedule.fromDict(dict);
  let schedule = schedules.get(dict);
  if (!schedule) {
    schedule = JobSchedule.fromDict(dict);
    schedules.set(dict, schedule);
  }
  return schedule;
}
