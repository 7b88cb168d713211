import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Libsql from 'libsql';
import { openPrivateFile } from '../database/connection.ts';
import type { QuickscrapeDatabase } from '../database/database.ts';
import { tryLock } from '../database/locks.ts';
import { homeId } from '../fs/home-folder.ts';
import { unavailable } from '../fs/system-errors.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { programCommand } from '../lib/installation.ts';
import { currentProcessIdentity, isAlive, type ProcessIdentity } from '../process/identity.ts';
import type { Workspace } from '../workspace.ts';

/** The right to be the only scheduler of a home; ends with `release()` or with the process. */
export interface Lease {
  /** Writes the holder into the database: once at first, and again into a new database. */
  announce(): void;
  /**
   * Why the lease is no longer valid; `undefined` while it is valid. Either the home or the lock file was removed or
   * replaced, so that another scheduler could take a lease. Or the database is not the one that other processes open.
   */
  loss(): QuickscrapeError | undefined;
  release(): void;
}

/** A short check of the lock by another process must not prevent a scheduler from starting. */
const ACQUIRE_TIMEOUT_MS = 1_000;

/**
 * Takes the scheduler's lease: a transaction on `locks/scheduler.db`. The operating system releases it when the process
 * ends, in whatever way.
 * @throws QuickscrapeError `scheduler_already_running`, which names the holder; `store_unavailable` on a read-only home
 */
export async function acquireLease(workspace: Workspace, version: string, slots: number): Promise<Lease> {
  if (workspace.db.isReadOnly) {
    throw new QuickscrapeError(
      'store_unavailable',
      `${workspace.paths.home} is read-only: no scheduler can run on it`,
      { hint: 'Mount it writable, or check who owns it.' },
    );
  }
  const file = join(workspace.paths.locks, 'scheduler.db');
  const { connection, inode } = await lockLease(workspace, file);
  const holder = { process: currentProcessIdentity(), since: workspace.clock.now(), version, slots };
  const lease: Lease = {
    announce: () => writeHolder(workspace.db, holder),
    loss: () =>
      isSameFile(file, inode) ? workspace.db.detachedError : leaseLostError(workspace.paths.home, file),
    release() {
      try {
        // If the home is being removed, opening its database would recreate a part of it.
        if (existsSync(workspace.db.file)) clearHolder(workspace.db, holder.process);
      } finally {
        connection.close();
      }
    },
  };
  try {
    // The last scheduler did not release its lease: a damaged database may have ended it.
    if (hasHolderRow(workspace.db)) workspace.db.verify();
    lease.announce();
  } catch (error) {
    connection.close();
    throw error;
  }
  return lease;
}

/**
 * Whether the lock file still has its name. It does not open the file, because closing it would drop the lock (POSIX).
 */
function isSameFile(file: string, inode: number | undefined): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.ino === inode;
  } catch (error) {
    // An I/O error does not end the lease; a file in place of a folder means that the home is gone.
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
  }
}

function leaseLostError(home: string, file: string): QuickscrapeError {
  const hint = `Start it again with: ${programCommand()} scheduler start --daemon`;
  return existsSync(join(home, '.'))
    ? new QuickscrapeError(
        'store_unavailable',
        `${file}, which holds the scheduler's lease, was deleted or replaced: another scheduler could start, so this one stops`,
        { hint },
      )
    : new QuickscrapeError('store_unavailable', `the home ${home} was removed: its scheduler stops`, {
        hint: `Put it back, or make a new one with ${programCommand()} init. ${hint}`,
      });
}

interface LeaseLock {
  connection: Libsql.Database;
  /** The inode of the locked file, whichever file has the name later. */
  inode: number | undefined;
}

async function lockLease(workspace: Workspace, file: string): Promise<LeaseLock> {
  let connection: Libsql.Database | undefined;
  try {
    connection = openPrivateFile(file);
    const end = performance.now() + ACQUIRE_TIMEOUT_MS;
    while (!tryLock(connection)) {
      if (performance.now() >= end) throw alreadyRunningError(workspace);
      await delay(50 + Math.random() * 50);
    }
    return { connection, inode: statSync(file, { throwIfNoEntry: false })?.ino };
  } catch (error) {
    // Closing also releases the lock if it was taken; otherwise it would stay.
    connection?.close();
    throw error instanceof QuickscrapeError ? error : unavailable(`cannot take the lease by ${file}`, error);
  }
}

/** Names the running scheduler and how to stop it. */
export function alreadyRunningError(workspace: Workspace): QuickscrapeError {
  const holder = findLeaseHolder(workspace.db);
  const owner = holder
    ? `pid ${holder.process.pid}, since ${new Date(holder.since).toISOString()}`
    : 'a process that has not recorded its pid yet';
  return new QuickscrapeError(
    'scheduler_already_running',
    `a scheduler is already running on ${workspace.paths.home}: ${owner}`,
    { hint: { id: 'scheduler_is_on' } },
  );
}

/** The holder of the scheduler's lease; `since` in epoch milliseconds. */
export interface LeaseHolder {
  process: ProcessIdentity;
  since: number;
  version: string;
  slots: number;
  stopRequested: 'graceful' | 'force' | null;
}

/** A row of `scheduler`, as SQLite returns it. */
export interface HolderRow {
  pid: number;
  pid_start: string;
  boot_id: string;
  since: number;
  version: string;
  slots: number;
  stop_requested: string | null;
  home: string | null;
}

/**
 * Returns the scheduler that is running on this home, or `undefined`. It checks the process and never touches the
 * lease's lock.
 */
export function findLeaseHolder(db: QuickscrapeDatabase): LeaseHolder | undefined {
  const row = db.get<HolderRow>('SELECT * FROM scheduler WHERE id = 1');
  if (!row) return undefined;
  // In a copy of a home, the row belongs to the scheduler of the original.
  if (row.home !== null && row.home !== homeId(dirname(db.file))) return undefined;
  const holder = toLeaseHolder(row);
  return isAlive(holder.process) ? holder : undefined;
}

export function toLeaseHolder(row: HolderRow): LeaseHolder {
  return {
    process: { pid: row.pid, start: row.pid_start, bootId: row.boot_id },
    since: row.since,
    version: row.version,
    slots: row.slots,
    stopRequested: row.stop_requested as LeaseHolder['stopRequested'],
  };
}

/** Whether a scheduler, alive or dead, has announced itself and not released the lease. */
function hasHolderRow(db: QuickscrapeDatabase): boolean {
  return db.get('SELECT 1 AS there FROM scheduler WHERE id = 1') !== undefined;
}

/** Whether a running scheduler starts queued runs; after a stop request, it does not. */
export function canStartRuns(db: QuickscrapeDatabase): boolean {
  return findLeaseHolder(db)?.stopRequested === null;
}

export function writeHolder(db: QuickscrapeDatabase, holder: Omit<LeaseHolder, 'stopRequested'>): void {
  db.run(
    `INSERT OR REPLACE INTO scheduler (id, pid, pid_start, boot_id, since, version, slots, stop_requested, home)
     VALUES (1, ?, ?, ?, ?, ?, ?, NULL, ?)`,
    [
      holder.process.pid,
      holder.process.start,
      holder.process.bootId,
      holder.since,
      holder.version,
      holder.slots,
      homeId(dirname(db.file)) ?? null,
    ],
  );
}

/** Removes a holder's row, unless another holder has replaced it. */
function clearHolder(db: QuickscrapeDatabase, { pid, start }: ProcessIdentity): void {
  db.run('DELETE FROM scheduler WHERE id = 1 AND pid = ? AND pid_start = ?', [pid, start]);
}

/**
 * Requests that this home's scheduler stop, through its row. A forced stop is never downgraded. Returns false when no
 * scheduler is running.
 */
export function writeStopRequest(db: QuickscrapeDatabase, mode: 'graceful' | 'force'): boolean {
  const sql = `UPDATE scheduler SET stop_requested = iif(stop_requested = 'force', 'force', ?) WHERE id = 1`;
  return db.run(sql, [mode]).changes === 1;
}
