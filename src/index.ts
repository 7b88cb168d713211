export { ERROR_CODES, type ErrorCode, type Issue, QuickscrapeError } from './core/errors.ts';
export type { JobDefinition } from './core/job/definition.ts';
export { Job } from './core/job/job.ts';
export type { JobStatus } from './core/job/job-record.ts';
export type { JobExpectations, JobFields } from './core/job/wire-names.ts';
export {
  type CreateJobOptions,
  type JobFilter,
  JobManager,
  type JobManagerOptions,
} from './core/job-manager.ts';
export { JobSchedule, type ScheduleOptions } from './core/schedule/job-schedule.ts';
export type { ScheduleDict } from './core/schedule/rule.ts';
export { Scheduler, type SchedulerOptions, type SchedulerState } from './core/scheduler/scheduler.ts';
export { VERSION } from './core/version.ts';
