import { sweepRuns } from '../execution/sweep-runs.ts';
import type { Workspace } from '../workspace.ts';
import { rotateLog } from './rotate-log.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** Not at once: a scheduler that starts has runs to start first. */
const FIRST_SWEEP_DELAY_MS = 60_000;
const SWEEP_INTERVAL_MS = 24 * 3600 * 1000;
/** How often the size of the scheduler's log is looked at. */
const LOG_CHECK_INTERVAL_MS = 60_000;

/**
 * Sweeps away what is left of old runs, a minute after the start and then daily, and begins the scheduler's log anew
 * when it has grown too large; a failure is logged.
 * @returns what ends it, when a sweep that is under way is over
 */
export function startHousekeeping(workspace: Workspace, log: SchedulerLog): () => Promise<void> {
  const { clock, paths } = workspace;
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = () => {
    sweeping = sweepRuns(workspace).catch((error: unknown) =>
      log('warn', `old runs were not swept: ${error instanceof Error ? error.message : String(error)}`),
    );
    cancelSweep = clock.setTimer(sweep, SWEEP_INTERVAL_MS);
  };
  const checkLogSize = () => {
    rotateLog(paths.schedulerLog);
    cancelLogCheck = clock.setTimer(checkLogSize, LOG_CHECK_INTERVAL_MS);
  };
  let cancelSweep = clock.setTimer(sweep, FIRST_SWEEP_DELAY_MS);
  let cancelLogCheck = () => {};
  checkLogSize();
  return async () => {
    cancelSweep();
    cancelLogCheck();
    await sweeping;
  };
}
