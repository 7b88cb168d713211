import { QuickscrapeError } from '../lib/errors.ts';

/**
 * Creates the error for every invalid schedule. It names the field (wire name), shows the value and says what is
 * allowed.
 *
 * @param allowed a sentence part, such as `use HH:MM from 00:00 to 23:59`
 */
export function invalidSchedule(
  field: string,
  value: unknown,
  allowed: string,
  hint?: string,
): QuickscrapeError {
  const what = value === undefined ? `${field} is missing` : `${field} ${formatValue(value)} is not valid`;
  return new QuickscrapeError('invalid_schedule', `${what}: ${allowed}`, {
    field,
    hint: hint ?? { id: 'schedule_forms' },
  });
}

/** Formats a value for a message, recognisable to its author, in at most 80 characters. */
export function formatValue(value: unknown): string {
  const text = typeof value === 'object' || typeof value === 'string' ? asJson(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // A cycle or a hostile toJSON must not hide the error that is reported.
    return typeof value;
  }
}
