import { existsSync } from 'node:fs';
import type { HomePaths } from '../../core/fs/paths.ts';
import type { Settings } from '../../core/settings/settings.ts';

/** Whether runs of a home go to other machines, or a worker was ever invited. */
export function usesWorkers({
  settings,
  paths,
}: {
  settings: Pick<Settings, 'get'>;
  paths: Pick<HomePaths, 'workers'>;
}): boolean {
  if (existsSync(paths.workers)) return true;
  try {
    return settings.get('executor') === 'bullmq';
  } catch {
    // The settings cannot be used, which other operations report.
    return false;
  }
}
