import { QuickscrapeError } from '../../core/errors.ts';
import type { Failure } from '../state/event.ts';
import { withKeys } from '../text/remedy-keys.ts';

/** An error as the state keeps it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof QuickscrapeError) {
    const { hint, ...data } = error.toData();
    return { ...data, message: error.message, ...(hint !== undefined && { hint: withKeys(hint) }) };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
