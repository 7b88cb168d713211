import { QuickscrapeError } from '../lib/errors.ts';
import type { StoreLock } from './store-lock.ts';

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
