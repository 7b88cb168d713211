import { sweepRuns } from '../run/sweep-runs.ts';
import type { Workspace } from '../workspace.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** Not at once: a scheduler that starts has runs to start first. */
const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 24 * 3600 * 1000;

/**
 * Sweeps away what is left of old runs, a minute after the start and then daily; a failure is logged.
 * @returns what ends it, when a sweep that is under way is over
 */
export function startHousekeeping(workspace: Workspace, log: SchedulerLog): () => Promise<void> {
  let sweeping: Promise<void> = Promise.resolve();
  let callOff = () => {};
  const sweep = () => {
    sweeping = sweepRuns(workspace).catch((error: unknown) =>
      log('warn', `old runs were not swept: ${error instanceof Error ? error.message : String(error)}`),
    );
    callOff = workspace.clock.setTimer(sweep, EVERY_MS);
  };
  callOff = workspace.clock.setTimer(sweep, FIRST_AFTER_MS);
  return async () => {
    callOff();
    await sweeping;
  };
}
