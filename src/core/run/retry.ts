import type { JobDefinition } from '../job/definition.ts';

/** The longest wait between two attempts under exponential back-off, in seconds. */
const LONGEST_WAIT_S = 24 * 3600;

/**
 * How long to wait before the next attempt, in milliseconds. `fixed`: `retry_delay` each time; `exponential`:
 * doubled after each attempt, at most a day.
 * @param attempt how many attempts have been made
 */
export function retryDelayMs(
  definition: Pick<JobDefinition, 'retry_delay' | 'retry_backoff'>,
  attempt: number,
): number {
  const factor = definition.retry_backoff === 'exponential' ? 2 ** Math.max(0, attempt - 1) : 1;
  return Math.min(definition.retry_delay * factor, LONGEST_WAIT_S) * 1000;
}
