import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Failure } from '../state/event.ts';
import { withDashboardKeys } from '../text/hint-keys.ts';

/** An error as the state keeps it. */
export function toFailure(error: unknown): Failure {
  if (error instanceof QuickscrapeError) {
    const { hint, ...data } = error.toData();
    return { ...data, message: error.message, ...(hint !== undefined && { hint: withDashboardKeys(hint) }) };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
