import { closeSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isWritable, openToWrite, query } from '../database/connection.ts';
import { otherScheduler } from '../database/migrate.ts';
import { MIGRATIONS } from '../database/schema.ts';
import { withSqlErrors } from '../database/sql-errors.ts';
import { wrapUnavailable } from '../fs/system-errors.ts';
import { alreadyRunningError, findLeaseHolder, writeStopRequest } from '../lease/lease.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { programFile } from '../lib/program.ts';
import { startDetached } from '../process/detached-process.ts';
import { isAlive } from '../process/identity.ts';
import { NO_PROCESS_TREE } from '../process/process-tree.ts';
import { openToAppend, tailLines } from '../runs/run-files.ts';
import type { Workspace } from '../workspace.ts';
import { rotateLog } from './scheduler-log.ts';
import { type SchedulerStatus, schedulerStatus } from './scheduler-status.ts';

const START_TIMEOUT_MS = 15_000;

/**
 * Starts a scheduler in the background; resolves when it holds the lease. It logs to `scheduler.log`.
 * @throws QuickscrapeError `scheduler_already_running`; `store_unavailable` with its last log lines when it did not
 *   start
 */
export async function startDaemon(workspace: Workspace): Promise<SchedulerStatus> {
  const { home, schedulerLog } = workspace.paths;
  if (findLeaseHolder(workspace.db)) throw alreadyRunningError(workspace);
  rotateLog(schedulerLog);
  const log = wrapUnavailable(`cannot open ${schedulerLog}`, () => openToAppend(schedulerLog));
  let ended = false;
  void startDetached(
    [programFile('cli'), 'scheduler', 'run', '--home', home],
    home,
    log,
    NO_PROCESS_TREE,
  ).then(() => {
    ended = true;
  });
  closeSync(log);
  const end = performance.now() + START_TIMEOUT_MS;
  while (findLeaseHolder(workspace.db) === undefined) {
    if (ended || performance.now() >= end) {
      throw new QuickscrapeError(
        'store_unavailable',
        `the scheduler did not start: ${tailLines(schedulerLog, 3).join(' | ')}`,
        {
          hint: `Its log: ${schedulerLog}`,
        },
      );
    }
    await delay(25);
  }
  return schedulerStatus(workspace);
}

export interface StopOptions {
  /** Cancel active runs instead of waiting for them. */
  force?: boolean;
  /** Give up waiting after this long; the scheduler still stops when its runs have finished. Default: never. */
  waitMs?: number;
  /** Aborting it ends the wait; the scheduler still stops. */
  signal?: AbortSignal | undefined;
}

/**
 * Asks this home's scheduler to stop, and waits until it has stopped.
 * @returns false when it had not stopped within `waitMs`, or when `signal` was aborted
 * @throws QuickscrapeError `scheduler_not_running`
 */
export async function requestStop(workspace: Workspace, options: StopOptions = {}): Promise<boolean> {
  const holder = findLeaseHolder(workspace.db);
  if (!holder || !writeStopRequest(workspace.db, options.force ? 'force' : 'graceful')) {
    throw new QuickscrapeError('scheduler_not_running', `no scheduler is running on ${workspace.paths.home}`);
  }
  const end = options.waitMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.waitMs;
  const isHeld = () =>
    findLeaseHolder(workspace.db)?.process.pid === holder.process.pid && isAlive(holder.process);
  while (isHeld()) {
    if (performance.now() >= end || options.signal?.aborted) return false;
    await delay(50);
  }
  return true;
}

const BUSY_TIMEOUT_MS = 5_000;

export interface StopOlderOptions {
  /** Cancel active runs instead of waiting for them. */
  force: boolean;
  /** Aborting it ends the wait; the scheduler still stops. */
  signal: AbortSignal;
  /** Called with the scheduler's pid and version once the stop was requested. */
  onRequested: (pid: number, version: string) => void;
}

/**
 * Asks the scheduler of an older version to stop, and waits until it has stopped. Does not migrate its database,
 * because a migration is refused while that scheduler runs. The stop request uses columns that every schema version has
 * in the same place.
 * @returns false when no such scheduler uses the database
 * @throws QuickscrapeError `store_unavailable`
 */
export async function stopSchedulerOfOlderVersion(file: string, options: StopOlderOptions): Promise<boolean> {
  if (!existsSync(file)) return false;
  const older = withSqlErrors(file, () => {
    // Without the right to write, no scheduler can be stopped. The ordinary way says so, or that none runs.
    if (!isWritable(file)) return undefined;
    const connection = openToWrite(file, BUSY_TIMEOUT_MS);
    try {
      const [version] = query<{ user_version: number }>(connection, 'PRAGMA user_version');
      const schema = version?.user_version ?? 0;
      // With the current schema, any scheduler is stopped in the ordinary way.
      const other = schema > 0 && schema < MIGRATIONS.length ? otherScheduler(file, connection) : undefined;
      if (other) {
        const mode = options.force ? 'force' : 'graceful';
        connection
          .prepare('UPDATE scheduler SET stop_requested = ? WHERE id = 1 AND pid = ?')
          .run([mode, other.process.pid]);
      }
      return other;
    } finally {
      connection.close();
    }
  });
  if (!older) return false;
  options.onRequested(older.process.pid, older.version);
  while (isAlive(older.process) && !options.signal.aborted) await delay(50);
  return true;
}
