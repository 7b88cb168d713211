import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Libsql from 'libsql';
import { openOwnFile } from '../database/own-file.ts';
import { QuickscrapeError } from '../errors.ts';
import { ownIdentity } from '../process/identity.ts';
import { tryLock } from '../store/try-lock.ts';
import { unavailable } from '../store/unavailable.ts';
import type { Workspace } from '../workspace.ts';
import { clearHolder, hasHolderRow, schedulerHolder, writeHolder } from './holder.ts';

/** The right to be the one scheduler of a home; ends with `release()` or with the process. */
export interface Lease {
  /** Writes into the database who holds it; once at first, and again into a new database. */
  announce(): void;
  release(): void;
}

/** Another program's short look at the lock must not keep a scheduler from starting. */
const TRY_FOR_MS = 1_000;

/**
 * Takes the scheduler's lease: a transaction on `locks/scheduler.db`, which the operating system gives
 * back when the process dies, however it dies.
 * @throws QuickscrapeError `scheduler_already_running`, saying who holds it; `store_unavailable` on a read-only home
 */
export async function takeLease(workspace: Workspace, version: string, slots: number): Promise<Lease> {
  if (workspace.db.isReadOnly) {
    throw new QuickscrapeError(
      'store_unavailable',
      `${workspace.paths.home} is read-only: no scheduler can run on it`,
      { hint: 'Mount it writable, or check who owns it.' },
    );
  }
  const connection = await lockLease(workspace);
  const holder = { process: ownIdentity(), since: workspace.clock.now(), version, slots };
  const lease: Lease = {
    announce: () => writeHolder(workspace.db, holder),
    release() {
      try {
        clearHolder(workspace.db);
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

async function lockLease(workspace: Workspace): Promise<Libsql.Database> {
  const file = join(workspace.paths.locks, 'scheduler.db');
  let connection: Libsql.Database | undefined;
  try {
    connection = openOwnFile(file);
    const end = performance.now() + TRY_FOR_MS;
    while (!tryLock(connection)) {
      if (performance.now() >= end) throw alreadyRunning(workspace);
      await delay(50 + Math.random() * 50);
    }
    return connection;
  } catch (error) {
    // Also the lock, if it is ours already: nobody would give it back.
    connection?.close();
    throw error instanceof QuickscrapeError ? error : unavailable(`cannot take the lease by ${file}`, error);
  }
}

function alreadyRunning(workspace: Workspace): QuickscrapeError {
  const holder = schedulerHolder(workspace.db);
  const who = holder
    ? `pid ${holder.process.pid}, since ${new Date(holder.since).toISOString()}`
    : 'a process that has not said who it is yet';
  return new QuickscrapeError(
    'scheduler_already_running',
    `a scheduler runs already on ${workspace.paths.home}: ${who}`,
    {
      hint: 'Stop it with: quickscrape scheduler stop',
    },
  );
}
