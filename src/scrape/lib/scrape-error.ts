/**
 * Why a scrape ended without its data; it becomes `error.kind` of the run.
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

interface ScrapeErrorDetails {
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

/** The codes of Node, its resolver, zlib and SQLite for memory that the system did not give. */
const CODES = /^(?:ENOMEM|EAI_MEMORY|ERR_MEMORY_ALLOCATION_FAILED|Z_MEM_ERROR|SQLITE_NOMEM\w*)$/;
/** What V8 says in a RangeError; it has no codes. */
const MESSAGES = /out of memory|allocation failed|could not allocate memory/i;

/**
 * The failure of kind `memory` that an error is, or was caused by, whatever was being done: neither the site nor the
 * configuration is at fault. `undefined` for any other error.
 */
export function toOutOfMemoryError(error: unknown): ScrapeError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ScrapeError && error.kind === 'memory') return error;
  if (!isAllocationFailure(error)) return toOutOfMemoryError(error.cause);
  return new ScrapeError('memory', `the system gave the process no more memory: ${error.message}`, {
    hint: 'Give it more (free memory, ulimit -v, the limit of its container or service), or let fewer runs be under way at once: quickscrape config set max_concurrent_runs 1.',
    cause: error,
  });
}

function isAllocationFailure(error: Error): boolean {
  if ('code' in error && typeof error.code === 'string' && CODES.test(error.code)) return true;
  return error instanceof RangeError && MESSAGES.test(error.message);
}
