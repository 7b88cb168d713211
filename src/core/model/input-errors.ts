import type * as z from 'zod';
import { hintForName } from '../lib/closest-names.ts';
import { type Issue, QuickscrapeError } from '../lib/errors.ts';
import { formatValue } from '../schedule/invalid-schedule.ts';
import { describeScheduleObject } from '../schedule/schedule-from-text.ts';
import { VALUE_KEYS } from './value-rules.ts';

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
      // The hint of an issue is a text for all interfaces; a hint as data would be one for the command line.
      const hint = error.hints.find((part) => typeof part === 'string');
      context.addIssue({ code: 'custom', message: error.message, params: { said: true, hint } });
    }
  };
}

/**
 * Converts zod's issues to one `invalid_params` error. Its issues name the field, the value and what is allowed.
 * @param known the names that are allowed at the top level, for "did you mean"
 * @param schema what the input must be, for the same within its fields
 */
export function fieldsError(
  found: readonly ZodIssue[],
  input: unknown,
  known: readonly string[],
  schema?: z.ZodType,
): QuickscrapeError {
  const issues: Issue[] = [];
  for (const issue of found) {
    if (issues.length >= MAX_ISSUES) break;
    issues.push(...toIssues(issue, input, known, schema));
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

function toIssues(
  issue: ZodIssue,
  input: unknown,
  known: readonly string[],
  schema: z.ZodType | undefined,
): Issue[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const allowed = path === '' ? known : schema === undefined ? [] : fieldsAt(schema, issue.path);
    return issue.keys
      .slice(0, MAX_ISSUES)
      .map((key) => unknownField(path === '' ? key : `${path}.${key}`, allowed, key));
  }
  if (issue.code === 'custom' && issue.params?.['said'] === true) {
    const hint = issue.params['hint'];
    return [{ path, message: issue.message, ...(typeof hint === 'string' && { hint }) }];
  }
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  if (typeof value === 'string' && issue.path.at(-1) === 'schedule') {
    const object = describeScheduleObject(value);
    return [
      {
        path,
        message: `${path}: must be an object, such as ${object}, not ${formatValue(value)}`,
        hint: `Send "schedule": ${object}`,
      },
    ];
  }
  const message =
    value === undefined
      ? `${path}: missing; it must be ${issue.message}`
      : `${path}: must be ${issue.message}, not ${formatValue(value)}`;
  return [{ path, message }];
}

function countIssues(issue: ZodIssue): number {
  return issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
}

/** The names of the fields of the object at a place of a schema; none where it has other forms. */
function fieldsAt(schema: z.ZodType, place: readonly PropertyKey[]): string[] {
  const { def } = (schema as z.ZodType & { _zod: { def: SchemaDefinition } })._zod;
  const inner = def.innerType ?? def.out;
  if (inner !== undefined) return fieldsAt(inner, place);
  const [first, ...rest] = place;
  if (first === undefined) return Object.keys(def.shape ?? {});
  const next =
    def.element ?? (Object.hasOwn(def.shape ?? {}, first) ? def.shape?.[String(first)] : undefined);
  return next === undefined ? [] : fieldsAt(next, rest);
}

/** What zod keeps of an object, an array, or a schema around another one. */
interface SchemaDefinition {
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  innerType?: z.ZodType;
  out?: z.ZodType;
}

/** Fields that are written for others. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  paused: 'A pause is no field. enabled=true resumes a job, enabled=false keeps it from running.',
  disabled: 'Use enabled=false.',
  active: 'Use enabled, true or false.',
  cron: 'Use schedule, such as {"type":"custom","cron_expression":"0 9 * * *"}.',
};

function unknownField(field: string, known: readonly string[], key: string): Issue {
  const path = field.length > MAX_NAME_LENGTH ? `${field.slice(0, MAX_NAME_LENGTH)}…` : field;
  const other = known.includes(`add_${key}`)
    ? `Use add_${key} or remove_${key}.`
    : key === 'state' && known.includes('filter')
      ? 'Use filter, such as "state:failed".'
      : (VALUE_KEYS as readonly string[]).includes(key) && field.endsWith(`expect.${key}`)
        ? `Rules on values belong into the configuration: expect: {${key}: ...}.`
        : Object.hasOwn(OTHER_NAMES, key)
          ? OTHER_NAMES[key]
          : undefined;
  const hint = other ?? (known.length === 0 ? undefined : hintForName(key, known));
  return { path, message: `${path}: unknown field`, ...(hint !== undefined && { hint }) };
}

/** Describes what an input that zod rejected should have been, as the rest of the sentence "must be …". */
export function describeExpected(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? `of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${unit(issue.origin)}`;
    case 'invalid_union': {
      const options = (issue as { options?: unknown }).options;
      return Array.isArray(options) ? `one of ${options.map(String).join(', ')}` : 'one of the forms allowed';
    }
    default:
      return undefined;
  }
}

const TYPE_NAMES: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object of fields',
  record: 'an object of fields',
};

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

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
  throw new QuickscrapeError('invalid_params', `${strange}: unknown option`, {
    field: strange,
    hint: hintForName(strange, known),
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
