import { sweepRuns } from '../execution/sweep-runs.ts';
import type { Workspace } from '../workspace.ts';
import { type TakeSnapshot, takeDueSnapshot } from './database-snapshots.ts';
import { rotateLog } from './rotate-log.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** Delayed because a scheduler that has just started has runs to start first. */
const FIRST_RUN_DELAY_MS = 60_000;
const SWEEP_INTERVAL_MS = 24 * 3600 * 1000;
/**
 * How often the age of the newest snapshot is checked. More often than daily, because the machine may have slept or the
 * disk may have been full.
 */
const SNAPSHOT_CHECK_INTERVAL_MS = 3600 * 1000;
/** How often the size of the scheduler's log is checked. */
const LOG_CHECK_INTERVAL_MS = 60_000;

/**
 * Starts the periodic maintenance. From one minute after the start, it sweeps old runs daily and takes a snapshot of
 * the database whenever the newest is older than a day. It also rotates the scheduler's log when the file is too large.
 * A failure is logged.
 * @returns a function that stops it: waits for an active sweep, and aborts an active snapshot
 */
export function startHousekeeping(
  workspace: Workspace,
  log: SchedulerLog,
  take?: TakeSnapshot,
): () => Promise<void> {
  const { clock, paths } = workspace;
  const ending = new AbortController();
  let sweeping: Promise<void> = Promise.resolve();
  let snapshot: Promise<void> = Promise.resolve();
  const sweep = () => {
    sweeping = sweepRuns(workspace).catch((error: unknown) =>
      log('warn', `old runs were not swept: ${error instanceof Error ? error.message : String(error)}`),
    );
    cancelSweep = clock.setTimer(sweep, SWEEP_INTERVAL_MS);
  };
  const checkSnapshot = () => {
    snapshot = takeDueSnapshot(workspace, log, ending.signal, take);
    cancelSnapshotCheck = clock.setTimer(checkSnapshot, SNAPSHOT_CHECK_INTERVAL_MS);
  };
  const checkLogSize = () => {
    rotateLog(paths.schedulerLog);
    cancelLogCheck = clock.setTimer(checkLogSize, LOG_CHECK_INTERVAL_MS);
  };
  let cancelSweep = clock.setTimer(sweep, FIRST_RUN_DELAY_MS);
  let cancelSnapshotCheck = clock.setTimer(checkSnapshot, FIRST_RUN_DELAY_MS);
  let cancelLogCheck = () => {};
  checkLogSize();
  return async () => {
    cancelSweep();
    cancelSnapshotCheck();
    cancelLogCheck();
    ending.abort();
    await Promise.all([sweeping, snapshot]);
  };
}
