/**
 * Why a scrape ended without its data; it becomes `error.kind` of the run (contract §4).
 * docs/explanation/scraping.md says what each one means and what to do.
 */
export type ScrapeErrorKind =
  | 'network'
  | 'http'
  | 'robots'
  | 'sign_in'
  | 'blocked_address'
  | 'too_large'
  | 'timeout'
  | 'redirect'
  | 'no_items'
  | 'check_failed'
  | 'browser'
  | 'memory'
  | 'config'
  | 'output'
  | 'cancelled';

export interface ScrapeErrorDetails {
  /** The address that was asked for. */
  url?: string;
  /** What to do next. */
  hint?: string;
  /** The answer's HTTP status, for kind `http`. */
  status?: number;
  cause?: unknown;
}

/** A failed scrape: the message says what is wrong and where, the hint what to do next. */
export class ScrapeError extends Error {
  override readonly name = 'ScrapeError';
  readonly kind: ScrapeErrorKind;
  readonly url?: string;
  readonly hint?: string;
  readonly status?: number;

  constructor(kind: ScrapeErrorKind, message: string, details: ScrapeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    if (details.url !== undefined) this.url = details.url;
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.status !== undefined) this.status = details.status;
  }
}

/** The same failure with more to say about it. */
export function withNote(error: ScrapeError, note: string): ScrapeError {
  const { kind, message, url, hint, status, cause } = error;
  return new ScrapeError(kind, `${message} (${note})`, {
    ...(url !== undefined && { url }),
    ...(hint !== undefined && { hint }),
    ...(status !== undefined && { status }),
    cause,
  });
}

/** Throws kind `cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelledError(signal);
}

export function cancelledError(signal: AbortSignal): ScrapeError {
  return new ScrapeError('cancelled', 'the run was cancelled', { cause: signal.reason });
}
