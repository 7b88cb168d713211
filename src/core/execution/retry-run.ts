import type { JobDefinition } from '../model/definition.ts';
import type { JobEntry } from '../model/job-record.ts';

/** Maximum delay between two attempts under exponential back-off, in seconds, unless `retry_delay` is longer. */
const MAX_DELAY_S = 24 * 3600;

/** Retry delay when the job's file cannot be read: the default of `retry_delay`, in milliseconds. */
const DEFAULT_DELAY_MS = 300_000;

/**
 * Returns when a run is retried if the current attempt fails and attempts are left, in epoch milliseconds; `null` for
 * no retry. It follows the job's current state: a deleted job has no retries, and a job whose file is temporarily
 * invalid keeps them. {@link statusAfterAttempt} decides whether attempts are left.
 * @param attempt number of attempts so far
 */
export function nextRetryAt(job: JobEntry | undefined, attempt: number, now: number): number | null {
  if (job === undefined) return null;
  if (job.kind !== 'valid') return now + DEFAULT_DELAY_MS;
  return now + retryDelayMs(job.record.definition, attempt, Math.random());
}

/**
 * Computes the delay before the next attempt, in milliseconds. `fixed`: always `retry_delay`. `exponential`: the delay
 * doubles after each attempt, up to a day, and half of it is random ("equal jitter"). Jobs that failed together because
 * of one site therefore do not retry together. The delay is never less than half.
 * @param attempt number of attempts so far
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
