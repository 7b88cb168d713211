import { pathToFileURL } from 'node:url';
import { type Executor, localExecutor } from '../execution/executor.ts';
import { programFile } from '../lib/program.ts';
import type { Workspace } from '../workspace.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** What the module of workers on other machines exports for a home. */
interface WorkersModule {
  openExecutor(workspace: Workspace, slots: number, log: SchedulerLog): Promise<Executor>;
}

/**
 * Opens the executor that the settings name. BullMQ is loaded for `executor: bullmq` only.
 * @param slots the maximum number of runs at the same time
 * @throws QuickscrapeError `invalid_config` when settings or invitations cannot be used
 */
export async function openConfiguredExecutor(
  workspace: Workspace,
  slots: number,
  log: SchedulerLog,
): Promise<Executor> {
  if (workspace.settings.get('executor') === 'local')
    return localExecutor(workspace, slots, (message) => log('warn', message));
  const module = (await import(pathToFileURL(programFile('workers')).href)) as WorkersModule;
  return await module.openExecutor(workspace, slots, log);
}
