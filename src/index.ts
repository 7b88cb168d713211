export { Job } from './core/api/job.ts';
export type { JobExpectations, JobFields } from './core/api/job-fields.ts';
export {
  type CreateJobOptions,
  type JobFilter,
  JobManager,
  type JobManagerOptions,
} from './core/api/job-manager.ts';
export { Scheduler, type SchedulerOptions, type SchedulerState } from './core/api/scheduler.ts';
export { ERROR_CODES, type ErrorCode, type Issue, QuickscrapeError } from './core/lib/errors.ts';
export { VERSION } from './core/lib/program.ts';
export type { JobDefinition } from './core/model/definition.ts';
export type { JobStatus } from './core/model/job-record.ts';
export { JobSchedule, type ScheduleOptions } from './core/schedule/job-schedule.ts';
export type { ScheduleDict } from './core/schedule/rule.ts';
