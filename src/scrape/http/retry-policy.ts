/** Statuses that may pass with time (RFC 9110 15, RFC 6585 4). Not 403 or 404: asking again changes nothing. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Longest wait that a site may ask for; a longer one ends the run at once, saying so. */
export const MAX_RETRY_AFTER_MS = 60_000;

export interface RetryPolicy {
  /** Further tries after the first. */
  retries: number;
  /** First wait; it doubles with each try. Milliseconds. */
  baseMs: number;
}

export const DEFAULT_RETRIES: RetryPolicy = { retries: 4, baseMs: 500 };

export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUSES.has(status);
}

/** The wait before try number `attempt` + 2: base × 2^attempt, spread by ± half so that many clients do not return at once. */
export function getBackoffMs(policy: RetryPolicy, attempt: number): number {
  return policy.baseMs * 2 ** attempt * (0.5 + Math.random());
}

/**
 * Reads a Retry-After header: seconds or an HTTP date (RFC 9110 10.2.3).
 * @returns milliseconds from `now` (epoch ms), 0 for a date gone by, undefined when absent or unreadable.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // A date names a day or a month; Date.parse alone would read "-5" as a year.
  const at = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
