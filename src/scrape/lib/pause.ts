import { setTimeout as sleep } from 'node:timers/promises';
import { cancelledError } from './scrape-error.ts';

/** Maximum delay of a Node timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits at least `ms` milliseconds of monotonic time.
 * @throws ScrapeError `cancelled` as soon as the signal is aborted.
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + ms;
  // A timer may fire a fraction of a millisecond early.
  for (let left = ms; left > 0; left = end - performance.now()) {
    try {
      await sleep(Math.min(Math.ceil(left), MAX_TIMER_MS), undefined, { signal });
    } catch {
      throw cancelledError(signal);
    }
  }
}
