import type { JobRecord } from '../model/job-record.ts';
import type { NewRun } from '../runs/run-queue.ts';

/** Builds the run of a job's occurrence `at` (epoch ms), without its status. */
export function buildScheduledRun(
  { id, definition }: JobRecord,
  at: number,
  host: string | null,
): Omit<NewRun, 'status'> {
  return {
    jobId: id,
    configName: definition.config_name,
    trigger: 'schedule',
    scheduledFor: at,
    timezone: definition.schedule.timezone,
    maxAttempts: definition.max_retries + 1,
    priority: definition.priority,
    overlap: definition.overlap,
    host,
    requestedBy: 'scheduler',
    callbacks: definition,
  };
}
