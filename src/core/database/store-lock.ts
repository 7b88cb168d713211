import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Libsql from 'libsql';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { unavailable } from '../fs/unavailable.ts';
import { waitForRemoval } from '../fs/wait-for-removal.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { openPrivateFile } from './private-file.ts';
import { tryLock } from './try-lock.ts';

const MAX_WAIT_MS = 10_000;
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

  constructor(file: string, { maxWaitMs = MAX_WAIT_MS }: { maxWaitMs?: number } = {}) {
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
