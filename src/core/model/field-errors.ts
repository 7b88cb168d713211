import type { z } from 'zod';
import { closestNames } from '../lib/closest-names.ts';
import { type Issue, QuickscrapeError } from '../lib/errors.ts';
import { formatValue } from '../schedule/invalid-schedule.ts';

type ZodIssue = z.core.$ZodIssue;

/** A client may send thousands of wrong fields, so only this many are listed. */
const MAX_ISSUES = 100;
/** Longer field names are truncated to this many characters. */
const MAX_NAME_LENGTH = 100;

/** Makes a zod refinement from a check that throws. The error's message and hint become the field's. */
export function refineWith<T>(check: (value: T) => void): (value: T, context: z.RefinementCtx) => void {
  return (value, context) => {
    try {
      check(value);
    } catch (error) {
      if (!(error instanceof QuickscrapeError)) throw error;
      context.addIssue({ code: 'custom', message: error.message, params: { said: true, hint: error.hint } });
    }
  };
}

/**
 * Converts zod's issues to one `invalid_params` error. Its issues name the field, the value and what is allowed.
 * @param known the names that are allowed at the top level, for "did you mean"
 */
export function fieldsError(
  found: readonly ZodIssue[],
  input: unknown,
  known: readonly string[],
): QuickscrapeError {
  const issues: Issue[] = [];
  for (const issue of found) {
    if (issues.length >= MAX_ISSUES) break;
    issues.push(...toIssues(issue, input, known));
  }
  const count = found.reduce((sum, issue) => sum + countIssues(issue), 0);
  const first = issues[0] ?? { path: '', message: `must be an object of fields, not ${formatValue(input)}` };
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return new QuickscrapeError('invalid_params', `${first.message}${more}`, {
    ...(first.path !== '' && { field: first.path }),
    ...(first.hint !== undefined && { hint: first.hint }),
    issues: issues.length > 0 ? issues : [first],
  });
}

function toIssues(issue: ZodIssue, input: unknown, known: readonly string[]): Issue[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MAX_ISSUES)
      .map((key) => unknownField(path === '' ? key : `${path}.${key}`, path === '' ? known : []));
  }
  if (issue.code === 'custom' && issue.params?.['said'] === true) {
    const hint = issue.params['hint'];
    return [{ path, message: issue.message, ...(typeof hint === 'string' && { hint }) }];
  }
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  const message =
    value === undefined
      ? `${path}: missing; it must be ${issue.message}`
      : `${path}: must be ${issue.message}, not ${formatValue(value)}`;
  return [{ path, message }];
}

function countIssues(issue: ZodIssue): number {
  return issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
}

function unknownField(field: string, known: readonly string[]): Issue {
  const path = field.length > MAX_NAME_LENGTH ? `${field.slice(0, MAX_NAME_LENGTH)}…` : field;
  const close = closestNames(field, known);
  const hint =
    close.length > 0
      ? `Did you mean ${close.join(' or ')}?`
      : known.length > 0
        ? `Allowed: ${known.join(', ')}`
        : undefined;
  return { path, message: `${path}: unknown field`, ...(hint !== undefined && { hint }) };
}
