import { pause } from '../lib/pause.ts';
import { ScrapeError, withNote } from '../lib/scrape-error.ts';
import { type Exchange, getHeader } from './exchange.ts';
import { httpError } from './http-error.ts';
import { isTransientError } from './network-error.ts';
import {
  getBackoffMs,
  isTransientStatus,
  MAX_RETRY_AFTER_MS,
  parseRetryAfter,
  type RetryPolicy,
} from './retry-policy.ts';

/** A silent site is asked once more, not four times: each try takes the whole time-out. */
const RETRIES_AFTER_TIMEOUT = 1;

export interface RetryOptions {
  policy: RetryPolicy;
  signal: AbortSignal;
  /** Called before each wait, with a line for the log. */
  onRetry(line: string): void;
}

/**
 * Sends a request, again and again while its failure may pass, waiting longer each time and at least as long as
 * Retry-After says.
 * @returns the last answer, whatever its status, unless that status was to be retried: then it throws `http`.
 */
export async function exchangeWithRetries<T extends Exchange>(
  url: URL,
  send: () => Promise<T>,
  { policy, signal, onRetry }: RetryOptions,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await send().catch((error: unknown) => toRetriableError(error, attempt, policy));
    const wait = getBackoffMs(policy, attempt);
    if (outcome instanceof ScrapeError) {
      onRetry(formatRetry(outcome.message, attempt, policy, wait));
      await pause(wait, signal);
      continue;
    }
    if (!isTransientStatus(outcome.status)) return outcome;
    const asked = parseRetryAfter(getHeader(outcome.headers, 'retry-after'), Date.now());
    if (asked !== undefined && asked > MAX_RETRY_AFTER_MS)
      throw retryAfterTooLongError(url, outcome.status, asked);
    if (attempt >= policy.retries) throw httpError(url, outcome.status, formatAttempts(attempt));
    const told = Math.max(asked ?? 0, wait);
    onRetry(formatRetry(httpError(url, outcome.status).message, attempt, policy, told));
    await pause(told, signal);
  }
}

/** The error if it is worth another try; throws it otherwise. */
function toRetriableError(error: unknown, attempt: number, policy: RetryPolicy): ScrapeError {
  if (!(error instanceof ScrapeError)) throw error;
  const retriable = isTransientError(error);
  const retries = error.kind === 'timeout' ? Math.min(RETRIES_AFTER_TIMEOUT, policy.retries) : policy.retries;
  if ((!retriable && error.kind !== 'timeout') || attempt >= retries)
    throw attempt === 0 ? error : withNote(error, formatAttempts(attempt));
  return error;
}

function retryAfterTooLongError(url: URL, status: number, askedMs: number): ScrapeError {
  const seconds = Math.ceil(askedMs / 1000);
  const limit = MAX_RETRY_AFTER_MS / 1000;
  const { message, ...details } = httpError(
    url,
    status,
    `it asks to wait ${seconds} s, longer than the ${limit} s a run waits`,
  );
  return new ScrapeError('http', message, {
    ...details,
    status,
    hint: `Run again in ${seconds} s or later.`,
  });
}

function formatAttempts(attempt: number): string {
  return attempt === 0 ? 'tried once' : `tried ${attempt + 1} times`;
}

function formatRetry(problem: string, attempt: number, policy: RetryPolicy, waitMs: number): string {
  return `${problem}; try ${attempt + 2} of ${policy.retries + 1} in ${(waitMs / 1000).toFixed(1)} s`;
}
