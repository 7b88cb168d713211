import { z } from 'zod';
import { jobExpectationFields } from '../run/expectations.ts';
import { formatNamed, OUTPUT_FORMATS } from '../run/output-format.ts';
import { checkOutputPath } from '../run/output-path.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { type ScheduleDict, scheduleInput } from '../schedule/rule.ts';
import { badArgument } from './arguments.ts';
import { fieldsError, passes } from './field-errors.ts';
import { parseName } from './id.ts';

/** Who changed a job: a face, the library, or somebody with an editor. */
export type Actor = (typeof ACTORS)[number];

export const ACTORS = ['cli', 'tui', 'mcp', 'rpc', 'library', 'hand'] as const;

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

function whole(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

function seconds(min: number, max: number) {
  const error = `a number of seconds from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

function text(longest: number) {
  const error = `a string of at most ${longest} characters`;
  return z.string({ error }).max(longest, { error });
}

const MONTH = 31 * 86_400;
const WORD = 'a non-empty string without NUL characters';
const word = z.string({ error: WORD }).regex(/^[^\0]+$/, { error: WORD });
const COMMAND = 'a command: a non-empty string, or an array of 1 to 1000 strings';
const command = z
  .union(
    [
      word.regex(/\S/, { error: COMMAND }),
      z.array(word).min(1, { error: COMMAND }).max(1000, { error: COMMAND }),
    ],
    { error: COMMAND },
  )
  .nullable()
  .default(null);

/** `xlsx`, `db` and `ndjson` are taken for what they are. */
const outputFormat = z.preprocess(formatNamed, oneOf(OUTPUT_FORMATS));

/**
 * The fields of a job's definition, by their wire names, with the contract's defaults: the input of `create_job`
 * and what a job file holds beside its bookkeeping. Durations are seconds.
 */
export const jobFields = z.strictObject({
  config_name: z
    .string({ error: 'the name of a configuration' })
    .superRefine(passes((name) => parseName(name, 'config_name'))),
  schedule: scheduleInput,
  description: text(20_000).nullable().default(null),
  output_format: outputFormat.nullable().default(null),
  output_path: text(4096)
    .superRefine(passes((path) => checkOutputPath(path, 'output_path')))
    .nullable()
    .default(null)
    .describe('Relative to output/; {date}, {time}, {config_name}, {job_id}, {run_id} are filled in'),
  max_retries: whole(0, 100).default(3),
  retry_delay: seconds(0, MONTH).default(300).describe('Seconds'),
  on_success: command,
  on_failure: command,
  enabled: z.boolean({ error: 'true or false' }).default(true),
  tags: z
    .array(
      text(64).regex(/^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$/u, { error: 'a tag: some visible characters' }),
      {
        error: 'an array of strings',
      },
    )
    .max(1000, { error: 'an array of at most 1000 strings' })
    .default([]),
  timeout: seconds(1, MONTH).default(3600).describe('Seconds an attempt may take'),
  overlap: oneOf(['skip', 'queue', 'cancel_running', 'allow']).default('skip'),
  misfire_grace_time: seconds(0, MONTH * 12)
    .nullable()
    .default(null)
    .describe('Seconds that a missed occurrence may be late; null: any'),
  catch_up: oneOf(['latest', 'all', 'none']).default('latest'),
  jitter: seconds(0, 86_400).default(0).describe('Random delay up to so many seconds'),
  stagger: seconds(0, 86_400).default(0).describe('Fixed delay of the job within so many seconds'),
  retry_backoff: oneOf(['fixed', 'exponential']).default('fixed'),
  priority: whole(-1_000_000, 1_000_000).default(0),
  keep_runs: whole(1, 1_000_000).default(50),
  expect: z
    .strictObject(jobExpectationFields, {
      error: (issue) => (issue.code === 'invalid_type' ? 'an object, or null' : undefined),
    })
    .nullable()
    .default(null),
  pause_after_failures: whole(0, 1_000_000).default(0).describe('Failures in a row; 0: never'),
  on_failure_mode: oneOf(['each', 'streak']).default('each'),
  on_recovery: command,
  on_change: command,
});

/** What a job should do, when and how: everything that its owner decides. Wire names; durations in seconds. */
export type JobDefinition = Omit<z.output<typeof jobFields>, 'schedule'> & { schedule: ScheduleDict };

export type DefinitionField = keyof JobDefinition;

/** The definition's fields in the order of the file. */
export const DEFINITION_FIELDS = Object.keys(jobFields.shape) as readonly DefinitionField[];

/** The default of every field that has one. */
export const DEFINITION_DEFAULTS = Object.fromEntries(
  // Read, not parsed: a schema that parses for the first time is compiled, which every start of the program would pay.
  Object.entries(jobFields.shape).flatMap(([name, field]) =>
    field instanceof z.ZodDefault ? [[name, field.def.defaultValue]] : [],
  ),
) as Readonly<Omit<JobDefinition, 'config_name' | 'schedule'>>;

/**
 * Checks a definition and fills in what is missing; a schedule without a time zone gets `timezone`, else the system's.
 * @throws QuickscrapeError `invalid_schedule` or `invalid_params` that names each field, its value and what is allowed
 */
export function parseDefinition(
  input: unknown,
  { timezone }: { timezone?: string | undefined } = {},
): JobDefinition {
  if (!isPlain(input)) throw fieldsError([], input, DEFINITION_FIELDS);
  const schedule = input['schedule'] === undefined ? undefined : parseSchedule(input['schedule'], timezone);
  const parsed = jobFields.safeParse({ ...input, schedule });
  if (!parsed.success) throw fieldsError(parsed.error.issues, input, DEFINITION_FIELDS);
  return { ...parsed.data, schedule: schedule as ScheduleDict };
}

/**
 * What a field that is set to `undefined` means: `null`.
 * @throws QuickscrapeError `invalid_params` for a field that cannot be `null`
 */
export function unsetField(name: DefinitionField): null {
  const parsed = jobFields.shape[name].safeParse(null);
  if (parsed.success) return null;
  throw badArgument(name, undefined, parsed.error.issues[0]?.message ?? 'set');
}

/** The value of one field as {@link parseDefinition} would give it, in a box; `undefined` where it would throw. */
export function passingField(name: DefinitionField, value: unknown): { value: unknown } | undefined {
  const parsed = jobFields.shape[name].safeParse(value);
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
