import type { JobDefinition } from '../model/definition.ts';

/** The longest wait between two attempts under exponential back-off, in seconds, unless `retry_delay` is longer. */
const MAX_DELAY_S = 24 * 3600;

/**
 * How long to wait before the next attempt, in milliseconds. `fixed`: exactly `retry_delay` each time. `exponential`:
 * the wait doubles after each attempt, up to a day, and half of it is random ("equal jitter"), so that jobs which failed
 * together over one site do not come back together; never less than half.
 * @param attempt how many attempts have been made
 * @param random from 0 to below 1
 */
export function retryDelayMs(
  { retry_delay, retry_backoff }: Pick<JobDefinition, 'retry_delay' | 'retry_backoff'>,
  attempt: number,
  random: number,
): number {
  if (retry_backoff === 'fixed') return retry_delay * 1000;
  const doubled = retry_delay * 2 ** Math.min(Math.max(0, attempt - 1), 40);
  const max = Math.min(doubled, Math.max(MAX_DELAY_S, retry_delay));
  return Math.round((max / 2 + (max / 2) * random) * 1000);
}
