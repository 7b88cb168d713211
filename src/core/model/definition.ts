import type { z } from 'zod';
import { JobSchedule } from '../schedule/job-schedule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';
import { invalidArgument } from './arguments.ts';
import { DEFAULTS } from './definition-defaults.ts';
import { jobFields } from './definition-schema.ts';
import { fieldsError } from './field-errors.ts';

/** The author of a change: an interface, the library, or a person with an editor. */
export type Actor = (typeof ACTORS)[number];

export const ACTORS = ['cli', 'tui', 'mcp', 'rpc', 'library', 'hand'] as const;

/** What a job does, when and how: everything that its owner decides. Wire names; durations in seconds. */
export type JobDefinition = Omit<z.output<ReturnType<typeof jobFields>>, 'schedule'> & {
  schedule: ScheduleDict;
};

export type DefinitionField = keyof JobDefinition;

/** The default of every field that has one. */
export const DEFINITION_DEFAULTS: Readonly<Omit<JobDefinition, 'config_name' | 'schedule'>> = DEFAULTS;

/** The definition's fields in the order of the file. */
export const DEFINITION_FIELDS = [
  'config_name',
  'schedule',
  ...Object.keys(DEFAULTS),
] as readonly DefinitionField[];

/**
 * Checks a definition and fills in missing fields. A schedule without a time zone gets `timezone`, or else the
 * system's.
 * @throws QuickscrapeError `invalid_schedule` or `invalid_params` that names each field, its value and what is allowed
 */
export function parseDefinition(
  input: unknown,
  { timezone }: { timezone?: string | undefined } = {},
): JobDefinition {
  if (!isPlain(input)) throw fieldsError([], input, DEFINITION_FIELDS);
  const schedule = input['schedule'] === undefined ? undefined : parseSchedule(input['schedule'], timezone);
  const parsed = jobFields().safeParse({ ...input, schedule });
  if (!parsed.success) throw fieldsError(parsed.error.issues, input, DEFINITION_FIELDS);
  return { ...parsed.data, schedule: schedule as ScheduleDict };
}

/**
 * Returns the value of a field that is set to `undefined`: `null`.
 * @throws QuickscrapeError `invalid_params` for a field that cannot be `null`
 */
export function unsetField(name: DefinitionField): null {
  const parsed = jobFields().shape[name].safeParse(null);
  if (parsed.success) return null;
  throw invalidArgument(name, undefined, parsed.error.issues[0]?.message ?? 'set');
}

/**
 * Parses one field as {@link parseDefinition} does, and returns it in an object; `undefined` when the value is invalid.
 */
export function tryParseField(name: DefinitionField, value: unknown): { value: unknown } | undefined {
  const parsed = jobFields().shape[name].safeParse(value);
  return parsed.success ? { value: parsed.data } : undefined;
}

function parseSchedule(input: unknown, timezone: string | undefined): ScheduleDict {
  const dict = isPlain(input) && timezone !== undefined ? { timezone, ...input } : input;
  return (dict instanceof JobSchedule ? dict : JobSchedule.fromDict(dict)).toDict();
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JobSchedule)
  );
}
