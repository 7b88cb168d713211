import { QuickscrapeError } from '../../core/errors.ts';
import type { Failure } from '../state/event.ts';

/** An error as the state keeps it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof QuickscrapeError) return { ...error.toData(), message: error.message };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
