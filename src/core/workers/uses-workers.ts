import { existsSync } from 'node:fs';
import type { Workspace } from '../workspace.ts';

/** Whether runs of a home go to other machines, or a worker was ever invited. */
export function usesWorkers({ settings, paths }: Pick<Workspace, 'settings' | 'paths'>): boolean {
  if (existsSync(paths.workers)) return true;
  try {
    return settings.get('executor') === 'bullmq';
  } catch {
    // The settings cannot be used, which other operations report.
    return false;
  }
}
