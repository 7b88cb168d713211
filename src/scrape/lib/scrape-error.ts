import { programCommand } from '../../core/lib/installation.ts';
/**
 * Why a scrape ended without data; it becomes `error.kind` of the run.
 * docs/explanation/scraping.md explains each kind and its remedy.
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
  /** The requested address. */
  url?: string;
  /** What to do next. */
  hint?: string;
  /** The HTTP status of the response, for kind `http`. */
  status?: number;
  cause?: unknown;
}

/** A failed scrape. The message says what is wrong and where; the hint says what to do next. */
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

/** Returns the same error with a note appended to its message. */
export function withNote(error: ScrapeError, note: string): ScrapeError {
  const { kind, message, url, hint, status, cause } = error;
  return new ScrapeError(kind, `${message} (${note})`, {
    ...(url !== undefined && { url }),
    ...(hint !== undefined && { hint }),
    ...(status !== undefined && { status }),
    cause,
  });
}

/** Returns the same error with another hint if a page is missing: its address is not one that the configuration names. */
export function withHintForMissing(error: ScrapeError, hint: string): ScrapeError {
  const { kind, message, url, status, cause } = error;
  if (status !== 404 && status !== 410) return error;
  return new ScrapeError(kind, message, {
    ...(url !== undefined && { url }),
    status,
    hint: `The page does not exist. ${hint}`,
    cause,
  });
}

/** @throws ScrapeError `cancelled` if the signal is aborted */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelledError(signal);
}

export function cancelledError(signal: AbortSignal): ScrapeError {
  return new ScrapeError('cancelled', 'the run was cancelled', { cause: signal.reason });
}

/** Error codes of Node, its resolver, zlib and SQLite for failed memory allocations. */
const CODES = /^(?:ENOMEM|EAI_MEMORY|ERR_MEMORY_ALLOCATION_FAILED|Z_MEM_ERROR|SQLITE_NOMEM\w*)$/;
/** Messages of V8's RangeErrors, which have no codes. */
const MESSAGES = /out of memory|allocation failed|could not allocate memory/i;

/**
 * Returns an error of kind `memory` if an error is, or was caused by, a failed allocation, whatever the operation was:
 * neither the site nor the configuration is at fault. Returns undefined for any other error.
 */
export function toOutOfMemoryError(error: unknown): ScrapeError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ScrapeError && error.kind === 'memory') return error;
  if (!isAllocationFailure(error)) return toOutOfMemoryError(error.cause);
  return new ScrapeError('memory', `the system gave the process no more memory: ${error.message}`, {
    hint: `Give it more (free memory, ulimit -v, the limit of its container or service), or let fewer runs be active at once: ${programCommand()} config set max_concurrent_runs 1.`,
    cause: error,
  });
}

function isAllocationFailure(error: Error): boolean {
  if ('code' in error && typeof error.code === 'string' && CODES.test(error.code)) return true;
  return error instanceof RangeError && MESSAGES.test(error.message);
}

/** Whether another attempt may succeed where this one failed. */
export function isTransientFailure(error: unknown): boolean {
  if (!(error instanceof ScrapeError)) return false;
  const { kind, status = 0 } = error;
  return (
    kind === 'network' ||
    kind === 'timeout' ||
    kind === 'cancelled' ||
    (kind === 'http' && (status >= 500 || status === 429 || status === 408))
  );
}
