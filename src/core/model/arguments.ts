import { closestNames } from '../lib/closest-names.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { formatValue } from '../schedule/invalid-schedule.ts';

/**
 * Creates the error for an invalid argument of the library. It names the argument, shows the value and says what is
 * allowed.
 * @param allowed the allowed values, such as `the id of a job, a string`
 */
export function invalidArgument(
  field: string,
  value: unknown,
  allowed: string,
  hint?: string,
): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `${field}: must be ${allowed}, not ${formatValue(value)}`, {
    field,
    ...(hint !== undefined && { hint }),
  });
}

/** Creates the error for a `cursor` that is not the `next_cursor` of an earlier result of the same list. */
export function invalidCursor(): QuickscrapeError {
  return new QuickscrapeError('invalid_params', 'cursor: not a cursor of this list', {
    field: 'cursor',
    hint: 'Pass next_cursor of the previous answer unchanged, or leave cursor out to start from the beginning.',
  });
}

/**
 * Checks an options object in which every field is optional. It must be a plain object without unknown keys. Otherwise
 * a misspelt option, or a wrong object, would silently select the defaults.
 * @throws QuickscrapeError `invalid_params`
 */
export function checkOptions(value: unknown, field: string, known: readonly string[]): void {
  if (!isPlainObject(value)) throw invalidArgument(field, value, `an object with ${known.join(', ')}`);
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange === undefined) return;
  const close = closestNames(strange, known);
  throw new QuickscrapeError('invalid_params', `${strange}: unknown option`, {
    field: strange,
    hint: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `Allowed: ${known.join(', ')}`,
  });
}

/** @throws QuickscrapeError `invalid_params` unless the value is `undefined` or the path of a folder */
export function checkFolder(value: unknown, field: string): void {
  if (value === undefined) return;
  if (typeof value !== 'string' || value === '' || value.includes('\0'))
    throw invalidArgument(field, value, 'the path of a folder, a non-empty string');
}

/** @throws QuickscrapeError `invalid_params` */
export function checkJobId(value: unknown): void {
  if (typeof value !== 'string') throw invalidArgument('job_id', value, 'the id of a job, a string');
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
