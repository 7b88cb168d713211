import { ScrapeError } from './scrape-error.ts';

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
