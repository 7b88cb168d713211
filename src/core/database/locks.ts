import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Libsql from 'libsql';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { unavailable } from '../fs/unavailable.ts';
import { waitForRemoval } from '../fs/wait-for-removal.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { openPrivateFile, rollBack } from './connection.ts';
import { isBusy } from './sql-errors.ts';

/**
 * Takes the operating system's lock on a lock file, for as long as the transaction lasts; false when another process
 * has it. The connection's `busy_timeout` says how long to wait for it, blocking.
 *
 * Not `BEGIN EXCLUSIVE`, which SQLite refuses while anybody so much as looks, and everybody who tries does: an immediate
 * transaction excludes its like just as well.
 * @throws what libsql throws when the file cannot be used
 */
export function tryLock(connection: Libsql.Database): boolean {
  try {
    connection.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

const MAX_STORE_WAIT_MS = 10_000;
/** So many tries follow each other quickly; who waits longer leaves the processor to the one who has the lock. */
const FAST_RETRIES = 5;

/**
 * Lets one writer of a home work at a time, over all processes: an exclusive transaction on a file of its own, which
 * the operating system ends with the process. Never open that file with `fs` in a process that uses the lock: closing
 * it would drop the lock (POSIX).
 */
export class StoreLock {
  readonly #file: string;
  readonly #maxWaitMs: number;
  #connection: Libsql.Database | undefined;
  #inode = 0;
  /** The end of the queue within this process: SQLite's calls block, so only one may try at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string, { maxWaitMs = MAX_STORE_WAIT_MS }: { maxWaitMs?: number } = {}) {
    this.#file = file;
    this.#maxWaitMs = maxWaitMs;
  }

  /**
   * Runs `work` while nobody else holds the lock; not reentrant.
   * @throws QuickscrapeError `store_unavailable` when the lock is not free within ten seconds, or cannot be made
   */
  async withLock<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.#last;
    let leave = () => {};
    this.#last = new Promise<void>((resolve) => {
      leave = resolve;
    });
    await before;
    try {
      const connection = await this.#acquire();
      try {
        return await work();
      } finally {
        connection.exec('ROLLBACK');
      }
    } finally {
      leave();
    }
  }

  /** Gives the file back; a later `withLock` opens it again. */
  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #acquire(): Promise<Libsql.Database> {
    const end = performance.now() + this.#maxWaitMs;
    for (let tries = 1; ; tries += 1) {
      const connection = this.#tryOnce();
      if (connection) return connection;
      if (performance.now() > end) {
        throw new QuickscrapeError('store_unavailable', `another process is holding ${this.#file}`, {
          hint: 'Try again in a moment; if it stays so, look for a hanging quickscrape process.',
        });
      }
      await delay(tries <= FAST_RETRIES ? 1 + Math.random() * 8 : 10 + Math.random() * 40);
    }
  }

  #tryOnce(): Libsql.Database | undefined {
    try {
      const connection = this.#open();
      if (!tryLock(connection)) return undefined;
      if (this.#isCurrent()) return connection;
      this.close();
      return undefined;
    } catch (error) {
      // Also the lock, if it is ours already: nobody would give it back.
      this.close();
      throw unavailable(`cannot lock the home by ${this.#file}`, error);
    }
  }

  /** When the file was deleted or replaced, we would hold a lock that nobody else can see. */
  #isCurrent(): boolean {
    return statSync(this.#file, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  #open(): Libsql.Database {
    if (this.#connection && !this.#isCurrent()) this.close();
    if (this.#connection) return this.#connection;
    waitForRemoval(dirname(this.#file));
    makePrivateFolder(dirname(this.#file));
    const connection = openPrivateFile(this.#file);
    connection.exec('PRAGMA busy_timeout = 0');
    this.#connection = connection;
    this.#inode = statSync(this.#file).ino;
    return connection;
  }
}

const MAX_ATTEMPTS = 5;

/** Somebody without our lock, an editor, changed a file between our reading and our writing. */
export class ConcurrentEditError extends Error {}

/**
 * Runs `work`, which reads and then replaces files, under the store lock; again when an editor was faster.
 * @param what the file, as the message names it
 * @throws QuickscrapeError `store_unavailable` when the lock stays taken; `conflict` when an editor is faster each time
 */
export function editUnderLock<T>(lock: StoreLock, what: string, work: () => Promise<T>): Promise<T> {
  return lock.withLock(async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ConcurrentEditError)) throw error;
        if (attempt < MAX_ATTEMPTS) continue;
        throw new QuickscrapeError('conflict', `another program changes ${what} all the time`, {
          hint: 'Close the program that writes it, or try again.',
        });
      }
    }
  });
}

/** A migration or a rescue of a large database takes its time, in milliseconds. */
const MAX_CHANGE_WAIT_MS = 60_000;

/**
 * Does `work` while no other process migrates or rescues this database: a transaction on a file of its own, which the
 * operating system ends with the process. Blocks: nothing can be done before the database is there.
 * @throws QuickscrapeError `store_unavailable` when another process takes longer than a minute
 */
export function withChangeLock<T>(database: string, work: () => T, maxWaitMs = MAX_CHANGE_WAIT_MS): T {
  const file = join(dirname(database), 'locks', 'database.db');
  makePrivateFolder(dirname(file));
  const connection = openPrivateFile(file);
  try {
    connection.exec(`PRAGMA busy_timeout = ${maxWaitMs}`);
    connection.exec('BEGIN IMMEDIATE');
    return work();
  } catch (error) {
    if (!isBusy(error) || error instanceof QuickscrapeError) throw error;
    throw new QuickscrapeError('store_unavailable', `another process is still changing ${database}`, {
      hint: 'Try again in a moment; if it stays so, look for a hanging quickscrape process.',
      cause: error,
    });
  } finally {
    connection.close();
  }
}

/**
 * Whether a process holds the lock `locks/scheduler.db`; `undefined` when it cannot be told. Only who takes it can tell:
 * whoever reads sees nothing of it. It is given back at once, which a scheduler that starts just then waits out. Never to
 * be asked by the process that holds it, whose lock the closing would drop (POSIX).
 */
export function isLeaseLocked(file: string): boolean | undefined {
  let connection: Libsql.Database | undefined;
  try {
    statSync(file);
    connection = new Libsql(file);
    connection.exec('PRAGMA busy_timeout = 0');
    const locked = !tryLock(connection);
    if (!locked) rollBack(connection);
    return locked;
  } catch {
    return undefined;
  } finally {
    connection?.close();
  }
}
