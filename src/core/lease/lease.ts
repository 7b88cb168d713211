import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Libsql from 'libsql';
import { openPrivateFile } from '../database/connection.ts';
import { tryLock } from '../database/locks.ts';
import { unavailable } from '../fs/unavailable.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { currentProcessIdentity } from '../process/identity.ts';
import type { Workspace } from '../workspace.ts';
import { clearHolder, findLeaseHolder, hasHolderRow, writeHolder } from './holder.ts';

/** The right to be the one scheduler of a home; ends with `release()` or with the process. */
export interface Lease {
  /** Writes into the database who holds it; once at first, and again into a new database. */
  announce(): void;
  /**
   * Why it is worth nothing any more: the home or the lock's file was removed or replaced, and another scheduler could
   * take a lease of its own; or the database is not the one that others see. `undefined` while it holds.
   */
  loss(): QuickscrapeError | undefined;
  release(): void;
}

/** Another program's short look at the lock must not keep a scheduler from starting. */
const ACQUIRE_TIMEOUT_MS = 1_000;

/**
 * Takes the scheduler's lease: a transaction on `locks/scheduler.db`, which the operating system gives
 * back when the process dies, however it dies.
 * @throws QuickscrapeError `scheduler_already_running`, saying who holds it; `store_unavailable` on a read-only home
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
        // Where the home is being removed, opening its database would bring a part of it back.
        if (existsSync(workspace.db.file)) clearHolder(workspace.db, holder.process);
      } finally {
        connection.close();
      }
    },
  };
  try {
    // The last scheduler did not say good-bye: it may have died of the database.
    if (hasHolderRow(workspace.db)) workspace.db.verify();
    lease.announce();
  } catch (error) {
    connection.close();
    throw error;
  }
  return lease;
}

/** Whether the file of the lock still has the name; never by opening it, which would drop the lock (POSIX). */
function isSameFile(file: string, inode: number | undefined): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.ino === inode;
  } catch (error) {
    // A disk that does not say takes no lease away; a file where a folder was is no home.
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
  }
}

function leaseLostError(home: string, file: string): QuickscrapeError {
  const hint = 'Start it again with: quickscrape scheduler start --daemon';
  return existsSync(join(home, '.'))
    ? new QuickscrapeError(
        'store_unavailable',
        `${file}, by which the scheduler holds its lease, was deleted or replaced: another one could start, so this one ends`,
        { hint },
      )
    : new QuickscrapeError('store_unavailable', `the home ${home} was removed: its scheduler ends`, {
        hint: `Put it back, or make a new one with quickscrape init. ${hint}`,
      });
}

interface LeaseLock {
  connection: Libsql.Database;
  /** Which file it is that is locked, whatever bears its name later. */
  inode: number | undefined;
}

async function lockLease(workspace: Workspace, file: string): Promise<LeaseLock> {
  let connection: Libsql.Database | undefined;
  try {
    connection = openPrivateFile(file);
    const end = performance.now() + ACQUIRE_TIMEOUT_MS;
    while (!tryLock(connection)) {
      if (performance.now() >= end) throw alreadyRunning(workspace);
      await delay(50 + Math.random() * 50);
    }
    return { connection, inode: statSync(file, { throwIfNoEntry: false })?.ino };
  } catch (error) {
    // Also the lock, if it is ours already: nobody would give it back.
    connection?.close();
    throw error instanceof QuickscrapeError ? error : unavailable(`cannot take the lease by ${file}`, error);
  }
}

function alreadyRunning(workspace: Workspace): QuickscrapeError {
  const holder = findLeaseHolder(workspace.db);
  const owner = holder
    ? `pid ${holder.process.pid}, since ${new Date(holder.since).toISOString()}`
    : 'a process that has not said who it is yet';
  return new QuickscrapeError(
    'scheduler_already_running',
    `a scheduler runs already on ${workspace.paths.home}: ${owner}`,
    {
      hint: 'Stop it with: quickscrape scheduler stop',
    },
  );
}
