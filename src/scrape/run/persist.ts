import { setTimeout as delay } from 'node:timers/promises';
import { logLine } from './run-log.ts';

const TRIES = 8;

/**
 * Does a write that must not be lost because a disk is full or a database is busy for a moment: tries again, waiting
 * longer each time (about half a minute in all), and then says so in the log and gives up.
 */
export async function persist<T>(what: string, write: () => T | Promise<T>): Promise<T | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      logLine('error', `${what} could not be written (try ${tries} of ${TRIES}): ${message}`);
      if (tries === TRIES) return undefined;
      await delay(125 * 2 ** tries);
    }
  }
}
