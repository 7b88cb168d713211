import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import { toOutOfMemoryError } from '../lib/out-of-memory.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { logLine, redactForLog } from './run-log.ts';

/** The outcome of an attempt that ended in an error; what is nobody's mistake but ours has its stack in the log. */
export function toFailure(thrown: unknown): AttemptResult {
  // A browser that was not started for want of memory, or a file that was not written for it, is no other failure.
  const error = toOutOfMemoryError(thrown) ?? thrown;
  if (error instanceof ScrapeError) {
    return createFailure(error.kind, error.hint ? `${error.message}. ${error.hint}` : error.message);
  }
  if (error instanceof QuickscrapeError) {
    return createFailure(error.code, error.hint ? `${error.message}. ${error.hint}` : error.message);
  }
  logLine('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  return createFailure('internal', error instanceof Error ? error.message : String(error));
}

export function createFailure(kind: string, message: string): AttemptResult {
  return { outcome: 'failed', error: { kind, message: redactForLog(message) } };
}
