import * as z from 'zod';
import { once } from '../lib/once.ts';

export const jobIdInput = once(() =>
  z.string().min(1).describe('The whole id of the job (list_jobs shows it)'),
);
export const runIdInput = once(() => z.string().min(1).describe('The id of the run (list_runs shows it)'));
export const ifRevisionInput = once(() =>
  z.int().min(1).optional().describe('Only when the job still has this revision; otherwise conflict'),
);
