import { sweepRuns } from '../execution/sweep-runs.ts';
import type { Workspace } from '../workspace.ts';
import { type TakeSnapshot, takeDueSnapshot } from './database-snapshots.ts';
import { rotateLog } from './rotate-log.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** Not at once: a scheduler that starts has runs to start first. */
const FIRST_RUN_DELAY_MS = 60_000;
const SWEEP_INTERVAL_MS = 24 * 3600 * 1000;
/** How often the age of the newest snapshot is looked at: the machine may have slept, or the disk was full. */
const SNAPSHOT_CHECK_INTERVAL_MS = 3600 * 1000;
/** How often the size of the scheduler's log is looked at. */
const LOG_CHECK_INTERVAL_MS = 60_000;

/**
 * From a minute after the start on: sweeps away what is left of old runs, daily, and takes a snapshot of the database
 * whenever the newest is older than a day. Begins the scheduler's log anew when it has grown too large. A failure is
 * logged.
 * @returns what ends it: a sweep that is under way is waited for, a snapshot is given up
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
