import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Libsql from 'libsql';
import { waitForRemoval } from '../fs/home-folder.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { unavailable } from '../fs/system-errors.ts';
import { MINUTE_MS } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { openPrivateFile, rollBack } from './connection.ts';
import { Sqlite } from './native-sqlite.ts';
import { isBusy } from './sql-errors.ts';

/**
 * Takes the operating system's lock on a lock file, for the duration of the transaction. Returns false when another
 * process holds it. The call blocks for up to the connection's `busy_timeout`.
 *
 * `BEGIN EXCLUSIVE` is not used: SQLite refuses it while any process reads the file, and every process that tries to
 * lock reads it. An immediate transaction excludes other immediate transactions just as well.
 * @throws the error of libsql when the file cannot be used
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
/** The first retries follow each other quickly; later ones leave the processor to the process that holds the lock. */
const FAST_RETRIES = 5;

/**
 * Allows one writer of a home at a time, across all processes. The lock is a transaction on a separate file; the
 * operating system ends it with the process. Never open that file with `fs` in a process that uses the lock: closing
 * it would drop the lock (POSIX).
 */
export class StoreLock {
  readonly #file: string;
  readonly #maxWaitMs: number;
  #connection: Libsql.Database | undefined;
  #inode = 0;
  /** The end of the queue within this process. SQLite's calls block, so only one caller may try at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string, { maxWaitMs = MAX_STORE_WAIT_MS }: { maxWaitMs?: number } = {}) {
    this.#file = file;
    this.#maxWaitMs = maxWaitMs;
  }

  /**
   * Runs `work` while holding the lock; not reentrant.
   * @throws QuickscrapeError `store_unavailable` when the lock is not free within ten seconds, or cannot be created
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

  /** Closes the lock file; a later `withLock` opens it again. */
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
          hint: 'Try again in a moment; if this persists, look for a hanging quickscrape process.',
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
      // Closing also releases a lock that was already taken: nothing else would release it.
      this.close();
      const unwritable = [dirname(dirname(this.#file)), dirname(this.#file), this.#file].find(isUnwritable);
      if (unwritable !== undefined)
        throw new QuickscrapeError(
          'store_unavailable',
          `${unwritable} is read-only: nothing can be changed`,
          {
            hint: 'Give your user the right to write it, or choose another home with --home.',
            cause: error,
          },
        );
      throw unavailable(`cannot lock the home by ${this.#file}`, error);
    }
  }

  /** A lock on a file that was deleted or replaced is invisible to other processes. */
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

/** Whether something exists that this user cannot write: by its mode, or because its disk is read-only. */
function isUnwritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

const MAX_ATTEMPTS = 5;

/** Signals that a program that does not use the lock, such as an editor, changed a file between reading and writing. */
export class ConcurrentEditError extends Error {}

/**
 * Runs `work`, which reads and then replaces files, under the store lock. Retries it when an editor changed a file
 * meanwhile.
 * @param what the file's name for the error message
 * @throws QuickscrapeError `store_unavailable` when the lock stays taken; `conflict` when an editor interferes each
 *   time
 */
export function editUnderLock<T>(lock: StoreLock, what: string, work: () => Promise<T>): Promise<T> {
  return lock.withLock(async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ConcurrentEditError)) throw error;
        if (attempt < MAX_ATTEMPTS) continue;
        throw new QuickscrapeError('conflict', `another program keeps changing ${what}`, {
          hint: 'Close the program that writes it, or try again.',
        });
      }
    }
  });
}

/** The migration or replacement of a large database takes time, in milliseconds. */
const MAX_CHANGE_WAIT_MS = MINUTE_MS;

/**
 * Runs `work` while no other process migrates or replaces this database. The lock is a transaction on a separate file;
 * the operating system ends it with the process. Blocks, because nothing can be done until the database exists.
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
      hint: 'Try again in a moment; if this persists, look for a hanging quickscrape process.',
      cause: error,
    });
  } finally {
    connection.close();
  }
}

/**
 * Whether a process holds the lock `locks/scheduler.db`; `undefined` when this cannot be determined. A reader cannot
 * see the lock, so this function tries to take it and releases it at once. A scheduler that starts at that moment
 * waits for it. The process that holds the lock must never call this: closing the file would drop its lock (POSIX).
 */
export function isLeaseLocked(file: string): boolean | undefined {
  let connection: Libsql.Database | undefined;
  try {
    statSync(file);
    connection = new Sqlite(file);
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
