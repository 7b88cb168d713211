import { STATUS_CODES } from 'node:http';
import { MINUTE_MS } from '../../core/lib/clock.ts';
import { redactUrl } from '../lib/page-url.ts';
import { pause } from '../lib/pause.ts';
import { ScrapeError, withNote } from '../lib/scrape-error.ts';
import { type Exchange, getHeader } from './exchange.ts';
import { isTransientError } from './network-error.ts';

const HINTS: Record<number, string> = {
  401: 'The page needs a sign-in: add authentication to the configuration, or the header it expects under headers, with the secret in secrets.env.',
  403: 'The site refuses this request. Check that it may be scraped; longer delays (delays) or a contact in user_agent may help.',
  404: 'The page does not exist. Check the address in the configuration.',
  405: 'The address takes another method: set request.method in the configuration, such as POST.',
  407: 'A proxy in between asks for a sign-in.',
  410: 'The page is gone permanently. Check the address in the configuration.',
  429: 'The site asks for fewer requests: raise delays in the configuration, and run less often.',
  451: 'The site may not show this page here, for legal reasons.',
};

/**
 * Creates the error for a response that is not a page.
 * @param note further facts, such as the number of attempts
 */
export function httpError(url: URL, status: number, note = ''): ScrapeError {
  const reason = STATUS_CODES[status];
  const text = `${redactUrl(url)}: HTTP ${status}${reason === undefined ? '' : ` ${reason}`}`;
  return new ScrapeError('http', note === '' ? text : `${text} (${note})`, {
    url: redactUrl(url),
    status,
    hint: HINTS[status] ?? getDefaultHint(status),
  });
}

function getDefaultHint(status: number): string {
  if (status >= 500) return 'The site has an internal error. It is often temporary: run again later.';
  return 'Open the address in a browser to see what the site says.';
}

/** Statuses that may pass with time (RFC 9110 15, RFC 6585 4). Not 403 or 404: a retry does not change them. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Longest wait that a site may request. A longer one ends the run at once, with an error that says so. */
const MAX_RETRY_AFTER_MS = MINUTE_MS;

export interface RetryPolicy {
  /** Retries after the first attempt. */
  retries: number;
  /** Wait before the first retry, in milliseconds. It doubles with each attempt. */
  baseMs: number;
}

export const DEFAULT_RETRIES: RetryPolicy = { retries: 4, baseMs: 500 };

function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUSES.has(status);
}

/**
 * The wait before the next attempt: base × 2^attempt (`attempt` from 0), ± half at random. Randomness keeps many
 * clients from returning at once.
 */
export function getBackoffMs(policy: RetryPolicy, attempt: number): number {
  return policy.baseMs * 2 ** attempt * (0.5 + Math.random());
}

/**
 * Parses a Retry-After header: seconds or an HTTP date (RFC 9110 10.2.3).
 * @returns milliseconds from `now` (epoch ms), 0 for a date in the past, undefined if absent or not valid
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // An HTTP date contains the name of a day or a month. Date.parse alone would parse "-5" as a year.
  const at = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** The wait that a response asks for, in milliseconds, up to the longest that a run waits; undefined if it asks for none. */
export function getRetryAfterMs(headers: Exchange['headers']): number | undefined {
  const asked = parseRetryAfter(getHeader(headers, 'retry-after'), Date.now());
  return asked === undefined ? undefined : Math.min(asked, MAX_RETRY_AFTER_MS);
}

/** The wait that a response asks for, as a note to its error; empty if it asks for none. */
export function formatRetryAfter(headers: Exchange['headers']): string {
  const asked = parseRetryAfter(getHeader(headers, 'retry-after'), Date.now());
  return asked === undefined || asked === 0 ? '' : `it asks to wait ${Math.ceil(asked / 1000)} s`;
}

/** A silent site gets one retry, not four: each attempt takes the whole time-out. */
const RETRIES_AFTER_TIMEOUT = 1;

interface RetryOptions {
  policy: RetryPolicy;
  signal: AbortSignal;
  /** Called before each wait with a line for the log. */
  onRetry(line: string): void;
}

/**
 * Sends a request and retries it while the failure may pass. The waits grow, and are at least as long as Retry-After
 * requests.
 * @returns the last response, whatever its status
 * @throws ScrapeError `http` if the last response still has a status that is retried
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

/** Returns the error if a retry is worthwhile; throws it otherwise. */
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
