import * as z from 'zod';

export const jobIdInput = z.string().min(1).describe('The job’s whole id, as list_jobs shows it');
export const runIdInput = z.string().min(1).describe('The run’s id, as list_runs or run_job shows it');
export const ifRevisionInput = z
  .int()
  .min(1)
  .optional()
  .describe('Only when the job still has this revision; otherwise conflict');
