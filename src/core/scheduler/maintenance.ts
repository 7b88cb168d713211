import { execFile } from 'node:child_process';
import process from 'node:process';
import {
  DAMAGED_EXIT_CODE,
  isSnapshotDue,
  snapshotBytes,
  sweepSnapshotTemps,
} from '../database/snapshots.ts';
import { applyRetention } from '../execution/retention.ts';
import { diskSpace } from '../fs/disk-space.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import { plainCommand } from '../lib/hints.ts';
import { programFile } from '../lib/program.ts';
import { isProgramReplaced } from '../lib/program-replaced.ts';
import type { Workspace } from '../workspace.ts';
import { rotateLog, type SchedulerLog } from './scheduler-log.ts';

/** Delayed because a scheduler that has just started has runs to start first. */
const FIRST_RUN_DELAY_MS = MINUTE_MS;
const RETENTION_INTERVAL_MS = DAY_MS;
/**
 * How often the age of the newest snapshot is checked. More often than daily, because the machine may have slept or the
 * disk may have been full.
 */
const SNAPSHOT_CHECK_INTERVAL_MS = HOUR_MS;
/** How often the size of the scheduler's log is checked. */
const LOG_CHECK_INTERVAL_MS = MINUTE_MS;

/**
 * Starts the periodic maintenance. From one minute after the start, it removes old runs daily and takes a snapshot of
 * the database whenever the newest is older than a day. It also rotates the scheduler's log when the file is too large,
 * and logs that the program was upgraded.
 * A failure is logged.
 * @returns a function that stops it: waits for an active removal, and aborts an active snapshot
 */
export function startMaintenance(
  workspace: Workspace,
  log: SchedulerLog,
  take?: TakeSnapshot,
  isReplaced = isProgramReplaced,
): () => Promise<void> {
  const { clock, paths } = workspace;
  const ending = new AbortController();
  let removing: Promise<void> = Promise.resolve();
  let snapshot: Promise<void> = Promise.resolve();
  const removeOldRuns = () => {
    removing = applyRetention(workspace).catch((error: unknown) =>
      log('warn', `old runs could not be removed: ${error instanceof Error ? error.message : String(error)}`),
    );
    cancelRetention = clock.setTimer(removeOldRuns, RETENTION_INTERVAL_MS);
  };
  const checkSnapshot = () => {
    snapshot = takeDueSnapshot(workspace, log, ending.signal, take);
    cancelSnapshotCheck = clock.setTimer(checkSnapshot, SNAPSHOT_CHECK_INTERVAL_MS);
  };
  let wasReplaced = false;
  const checkProgram = () => {
    if (wasReplaced || !isReplaced()) return;
    wasReplaced = true;
    log(
      'warn',
      `QuickScrape was upgraded while this scheduler ran. Restart it: ${plainCommand('scheduler restart')}`,
    );
  };
  const checkLogSize = () => {
    rotateLog(paths.schedulerLog);
    checkProgram();
    cancelLogCheck = clock.setTimer(checkLogSize, LOG_CHECK_INTERVAL_MS);
  };
  let cancelRetention = clock.setTimer(removeOldRuns, FIRST_RUN_DELAY_MS);
  let cancelSnapshotCheck = clock.setTimer(checkSnapshot, FIRST_RUN_DELAY_MS);
  let cancelLogCheck = () => {};
  checkLogSize();
  return async () => {
    cancelRetention();
    cancelSnapshotCheck();
    cancelLogCheck();
    ending.abort();
    await Promise.all([removing, snapshot]);
  };
}

/** Outcome of a snapshot; `damaged` means that the database itself could not be read. */
type SnapshotOutcome = { kind: 'taken' } | { kind: 'damaged' | 'failed'; message: string };

/** Takes a snapshot in a separate process; the signal ends that process. Never rejects. */
export type TakeSnapshot = (database: string, now: number, signal: AbortSignal) => Promise<SnapshotOutcome>;

/**
 * Takes a snapshot of the database when the newest is older than a day. The disk must have room for it in addition to
 * the space that runs need. A database that turns out to be damaged is replaced. Any other failure is logged, and the
 * next check tries again.
 */
export async function takeDueSnapshot(
  workspace: Workspace,
  log: SchedulerLog,
  signal: AbortSignal,
  take: TakeSnapshot = takeInProcess,
  freeBytes?: (folder: string) => number | null,
): Promise<void> {
  const { clock, db } = workspace;
  try {
    if (!isSnapshotDue(db.file, clock.now())) return;
    sweepSnapshotTemps(db.file);
    const { free, needed } = diskSpace(workspace, freeBytes);
    const bytes = snapshotBytes(db.file);
    if (free !== null && free < needed + bytes) {
      log(
        'warn',
        `no snapshot of the database was taken: it needs ${mib(bytes)} in addition to the ${mib(needed)} for runs (min_free_space), and ${mib(free)} are free`,
      );
      return;
    }
    const outcome = await take(db.file, clock.now(), signal);
    if (signal.aborted) return;
    if (outcome.kind !== 'taken') log('warn', `no snapshot of the database was taken: ${outcome.message}`);
    if (outcome.kind === 'damaged') db.verify();
  } catch (error) {
    log(
      'warn',
      `no snapshot of the database was taken: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function takeInProcess(database: string, now: number, signal: AbortSignal): Promise<SnapshotOutcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [programFile('snapshot'), database, String(now)],
      { signal, killSignal: 'SIGKILL', windowsHide: true },
      (error, _, stderr) => {
        if (!error) resolve({ kind: 'taken' });
        else
          resolve({
            kind: error.code === DAMAGED_EXIT_CODE ? 'damaged' : 'failed',
            message: stderr || error.message,
          });
      },
    );
  });
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
