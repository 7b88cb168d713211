import * as z from 'zod';
import { QuickscrapeError } from '../lib/errors.ts';
import { once } from '../lib/once.ts';

export const jobIdInput = once(() =>
  z.string().min(1).describe('The whole id of the job (list_jobs shows it)'),
);
export const runIdInput = once(() => z.string().min(1).describe('The id of the run (list_runs shows it)'));
export const ifRevisionInput = once(() =>
  z.int().min(1).optional().describe('Only when the job still has this revision; otherwise conflict'),
);

/** An instant, as input. */
export const instantInput = once(() => z.string().describe('RFC 3339, such as 2026-11-25T09:00:00+01:00'));

const RFC_3339 = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;

/**
 * Parses an RFC 3339 instant; a date alone means midnight in UTC.
 * @throws QuickscrapeError `invalid_params` that names the field: an instant without an offset is ambiguous
 */
export function parseInstant(text: string, field: string): Date {
  const at = new Date(RFC_3339.test(text) ? text.replace(' ', 'T') : Number.NaN);
  // Date accepts 2026-02-30 and rolls it over into March.
  const rolled = !Number.isNaN(at.getTime()) && !isCalendarDate(text);
  if (Number.isNaN(at.getTime()) || rolled) {
    throw new QuickscrapeError('invalid_params', `${field}: "${text}" is not an instant`, {
      field,
      hint: 'Use RFC 3339 with an offset: 2026-11-25T09:00:00+01:00, 2026-11-25T08:00:00Z, or a date alone.',
    });
  }
  return at;
}

function isCalendarDate(text: string): boolean {
  const date = text.slice(0, 10);
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
