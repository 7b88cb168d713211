import { setTimeout as delay } from 'node:timers/promises';
import { logLine } from './run-log.ts';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 5_000;

/** What would be good to write, and what must not be lost: how long to go on trying, in milliseconds. */
export const GIVE_UP_AFTER_MS = { useful: 10_000, vital: 3_600_000 } as const;
/** The same for anything that there is hardly any hope for. */
const POINTLESS_AFTER_MS = 2_000;

/**
 * Does a write that a full disk or a busy database must not lose: tries again, waiting longer each time (at most
 * five seconds), until it succeeds or the time for it is over. Says in the log what is wrong.
 * @param isPointless asked after a failure: whether there is hardly any hope left, so that it is given up soon
 */
export async function persist<T>(
  what: string,
  worth: keyof typeof GIVE_UP_AFTER_MS,
  write: () => T | Promise<T>,
  isPointless: () => boolean = () => false,
): Promise<T | undefined> {
  const start = performance.now();
  for (let wait = FIRST_DELAY_MS; ; wait = Math.min(wait * 2, MAX_DELAY_MS)) {
    try {
      return await write();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const again =
        performance.now() + wait < start + (isPointless() ? POINTLESS_AFTER_MS : GIVE_UP_AFTER_MS[worth]);
      logLine('error', `${what} could not be written${again ? ', trying again' : ''}: ${message}`);
      if (!again) return undefined;
      await delay(wait);
    }
  }
}
