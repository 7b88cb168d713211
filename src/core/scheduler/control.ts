import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { wrapUnavailable } from '../fs/system-errors.ts';
import { findLeaseHolder, writeStopRequest } from '../lease/holder.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { programFile } from '../lib/program.ts';
import { startDetached } from '../process/detached-process.ts';
import { isAlive } from '../process/identity.ts';
import { NO_PROCESS_TREE } from '../process/process-tree.ts';
import { openToAppend, tailLines } from '../runs/run-files.ts';
import type { Workspace } from '../workspace.ts';
import { rotateLog } from './rotate-log.ts';
import { type SchedulerStatus, schedulerStatus } from './scheduler-status.ts';

const START_TIMEOUT_MS = 15_000;

/**
 * Starts a scheduler in the background; resolves when it holds the lease. It logs to `scheduler.log`.
 * @throws QuickscrapeError `scheduler_already_running`; `store_unavailable` with its last log lines when it did not
 *   start
 */
export async function startDaemon(workspace: Workspace): Promise<SchedulerStatus> {
  const { home, schedulerLog } = workspace.paths;
  const holder = findLeaseHolder(workspace.db);
  if (holder) {
    throw new QuickscrapeError(
      'scheduler_already_running',
      `a scheduler runs already on ${home}: pid ${holder.process.pid}, since ${new Date(holder.since).toISOString()}`,
      { hint: { id: 'scheduler_is_on' } },
    );
  }
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
    throw new QuickscrapeError('scheduler_not_running', `no scheduler runs on ${workspace.paths.home}`, {
      hint: { id: 'scheduler_is_off' },
    });
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
