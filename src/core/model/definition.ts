import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { isRecord } from '../lib/json.ts';
import { once } from '../lib/once.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { type ScheduleDict, scheduleInput } from '../schedule/rule.ts';
import { type JobExpectationFields, jobExpectationFields } from './expectations.ts';
import { parseName } from './ids.ts';
import { fieldsError, invalidArgument, refineWith } from './input-errors.ts';
import { notifyInput } from './notify.ts';
import type { NotifyEntry } from './notify-events.ts';
import { OUTPUT_FORMATS, type OutputFormat, resolveFormatAlias } from './output-format.ts';
import { checkOutputPath } from './output-path.ts';
import { type ParamValues, paramValuesInput } from './params.ts';
import { isWorkerName, MAX_WORKER_TAGS } from './worker-names.ts';

/** The author of a change: an interface, the library, or a person with an editor. */
export type Actor = (typeof ACTORS)[number];

export const ACTORS = ['cli', 'tui', 'mcp', 'rpc', 'library', 'hand'] as const;

/** What a job does, when and how: everything that its owner decides. Wire names; durations in seconds. */
export interface JobDefinition {
  /** The configuration to run. */
  config_name: string;
  schedule: ScheduleDict;
  /** What it is for. */
  description: string | null;
  /** `null`: as the configuration says. */
  output_format: OutputFormat | null;
  /** Relative to `output/`; `null`: as the configuration says. */
  output_path: string | null;
  /** Attempts after the first. */
  max_retries: number;
  /** Seconds between attempts. */
  retry_delay: number;
  on_success: Command | null;
  on_failure: Command | null;
  /** `false`: it runs only when asked to. */
  enabled: boolean;
  /** Words to find it by. */
  tags: string[];
  /** Seconds an attempt may take. */
  timeout: number;
  /** When it is due and still runs. */
  overlap: 'skip' | 'queue' | 'cancel_running' | 'allow';
  /** Seconds that a missed occurrence may start late; `null`: any. */
  misfire_grace_time: number | null;
  /** Occurrences missed while no scheduler ran that still run. */
  catch_up: 'latest' | 'all' | 'none';
  /** A random delay, in seconds at most. */
  jitter: number;
  /** A fixed delay of each job within this number of seconds. */
  stagger: number;
  retry_backoff: 'fixed' | 'exponential';
  /** Higher starts first. */
  priority: number;
  /** The newest runs to keep. */
  keep_runs: number;
  /** What a run has to deliver to succeed. */
  expect: JobExpectationFields | null;
  /** Failed runs in a row until it is paused; 0: never. */
  pause_after_failures: number;
  /** Whether `on_failure` follows each failed run, or the first in a row. */
  on_failure_mode: 'each' | 'streak';
  on_recovery: Command | null;
  on_change: Command | null;
  /** Tags that its worker on another machine must have; `null`: any. */
  worker: string[] | null;
  /** The channels that get messages about it; `null`: those of the setting `notify`. */
  notify: NotifyEntry[] | null;
  /** The values of its configuration's parameters; `null`: their defaults. */
  params: ParamValues | null;
}

/** A command to call at the end of a run: one string that is split at spaces, or its words. */
type Command = string | string[];

export type DefinitionField = keyof JobDefinition;

/** The fields of a job that name a command to call at the end of a run. */
export const COMMAND_FIELDS = ['on_success', 'on_failure', 'on_recovery', 'on_change'] as const;

export type CommandField = (typeof COMMAND_FIELDS)[number];

/** The fields of a job's definition that decide which commands are called, and who gets a message, at the end of its runs. */
export type CallbackFields = Pick<JobDefinition, CommandField | 'on_failure_mode'> &
  Partial<Pick<JobDefinition, 'notify'>>;

/**
 * The defaults of a job's definition, in the order of the job file. They are plain data, so reading jobs needs no
 * schema.
 */
const DEFAULTS = {
  description: null,
  output_format: null,
  output_path: null,
  max_retries: 3,
  retry_delay: 300,
  on_success: null,
  on_failure: null,
  enabled: true,
  tags: [] as string[],
  timeout: 3600,
  overlap: 'skip',
  misfire_grace_time: null,
  catch_up: 'latest',
  jitter: 0,
  stagger: 0,
  retry_backoff: 'fixed',
  priority: 0,
  keep_runs: 50,
  expect: null,
  pause_after_failures: 0,
  on_failure_mode: 'each',
  on_recovery: null,
  on_change: null,
  worker: null,
  notify: null,
  params: null,
} as const;

/** The default of every field that has one. */
export const DEFINITION_DEFAULTS: Readonly<Omit<JobDefinition, 'config_name' | 'schedule'>> = DEFAULTS;

/** The fields whose empty list says the same as their default. In other fields it has a meaning of its own. */
export const FIELDS_EMPTY_BY_DEFAULT: readonly DefinitionField[] = ['tags', 'worker', ...COMMAND_FIELDS];

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
  if (!parsed.success) throw fieldsError(parsed.error.issues, input, DEFINITION_FIELDS, jobFields());
  return { ...parsed.data, schedule: schedule as ScheduleDict };
}

function parseSchedule(input: unknown, timezone: string | undefined): ScheduleDict {
  const dict = isPlain(input) && timezone !== undefined ? { timezone, ...input } : input;
  return (dict instanceof JobSchedule ? dict : JobSchedule.fromDict(dict)).toDict();
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !(value instanceof JobSchedule);
}

/**
 * Parses one field as {@link parseDefinition} does, and returns it in an object; `undefined` when the value is invalid.
 */
export function tryParseField(name: DefinitionField, value: unknown): { value: unknown } | undefined {
  const parsed = jobFields().shape[name].safeParse(value);
  return parsed.success ? { value: parsed.data } : undefined;
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

/** The fields in which two definitions differ, in file order. */
export function changedFields(before: JobDefinition, after: JobDefinition): DefinitionField[] {
  return DEFINITION_FIELDS.filter((field) => !isDeepStrictEqual(before[field], after[field]));
}

/**
 * The fields of a job's definition, by their wire names, with their defaults. They are the input of `create_job` and
 * the part of a job file besides its bookkeeping. Durations are in seconds.
 */
export const jobFields = once(() =>
  z.strictObject({
    config_name: z
      .string({ error: 'the name of a configuration' })
      .superRefine(refineWith((name) => parseName(name, 'config_name')))
      .describe('The configuration to run'),
    schedule: scheduleInput(),
    description: text(20_000).nullable().default(DEFAULTS.description).describe('What it is for'),
    output_format: outputFormat()
      .nullable()
      .default(DEFAULTS.output_format)
      .describe('Left out: as the configuration says'),
    output_path: text(4096)
      .superRefine(refineWith((path) => checkOutputPath(path, 'output_path')))
      .nullable()
      .default(DEFAULTS.output_path)
      .describe('Relative to output/; {date}, {time}, {config_name}, {job_id}, {run_id} are filled in'),
    max_retries: integer(0, 100).default(DEFAULTS.max_retries).describe('Attempts after the first'),
    retry_delay: seconds(0, MONTH).default(DEFAULTS.retry_delay).describe('Seconds between attempts'),
    on_success: command().describe('Command after a run that succeeded'),
    on_failure: command().describe('Command after a run that failed'),
    enabled: z
      .boolean({ error: 'true or false' })
      .default(DEFAULTS.enabled)
      .describe('false: it runs only when asked to'),
    tags: z
      .array(
        text(64).regex(/^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$/u, { error: 'a tag: some visible characters' }),
        {
          error: 'an array of strings',
        },
      )
      .max(1000, { error: 'an array of at most 1000 strings' })
      .default(DEFAULTS.tags)
      .describe('Words to find it by'),
    timeout: seconds(1, MONTH).default(DEFAULTS.timeout).describe('Seconds an attempt may take'),
    overlap: oneOf(['skip', 'queue', 'cancel_running', 'allow'])
      .default(DEFAULTS.overlap)
      .describe('When it is due and still runs'),
    misfire_grace_time: seconds(0, MONTH * 12)
      .nullable()
      .default(DEFAULTS.misfire_grace_time)
      .describe('Seconds a missed occurrence may start late; left out: any'),
    catch_up: oneOf(['latest', 'all', 'none'])
      .default(DEFAULTS.catch_up)
      .describe('Occurrences missed while no scheduler ran that still run'),
    jitter: seconds(0, 86_400).default(DEFAULTS.jitter).describe('Random delay, in seconds at most'),
    stagger: seconds(0, 86_400)
      .default(DEFAULTS.stagger)
      .describe('Spreads jobs: a fixed delay of each job within this number of seconds'),
    retry_backoff: oneOf(['fixed', 'exponential'])
      .default(DEFAULTS.retry_backoff)
      .describe('exponential: retry_delay doubles each time'),
    priority: integer(-1_000_000, 1_000_000).default(DEFAULTS.priority).describe('Higher starts first'),
    keep_runs: integer(1, 1_000_000).default(DEFAULTS.keep_runs).describe('Newest runs to keep'),
    expect: z
      .strictObject(jobExpectationFields(), {
        error: (issue) => (issue.code === 'invalid_type' ? 'an object, or null' : undefined),
      })
      .nullable()
      .default(DEFAULTS.expect)
      .describe('What a run has to deliver to succeed'),
    pause_after_failures: integer(0, 1_000_000)
      .default(DEFAULTS.pause_after_failures)
      .describe('Failed runs in a row until it is paused; 0: never'),
    on_failure_mode: oneOf(['each', 'streak'])
      .default(DEFAULTS.on_failure_mode)
      .describe('on_failure: after each failed run, or the first in a row'),
    on_recovery: command().describe('Command after the first good run after a failed one'),
    on_change: command().describe('Command after a run whose items differ from the last good one'),
    worker: z
      .array(z.string({ error: TAG }).refine(isWorkerName, { error: TAG }), { error: WORKER })
      .max(MAX_WORKER_TAGS, { error: WORKER })
      .nullable()
      .default(DEFAULTS.worker)
      .describe('Tags its worker elsewhere must have; left out: any'),
    notify: notifyInput()
      .nullable()
      .default(DEFAULTS.notify)
      .describe('Channels that get messages; left out: as in the settings'),
    params: paramValuesInput()
      .nullable()
      .default(DEFAULTS.params)
      .describe('Values of the parameters that its configuration declares'),
  }),
);

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

function integer(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

function seconds(min: number, max: number) {
  const error = `a number of seconds from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

function text(maxLength: number) {
  const error = `a string of at most ${maxLength} characters`;
  return z.string({ error }).max(maxLength, { error });
}

const TAG = 'a tag of a worker: lower-case letters, digits and "-", 40 at most';
const WORKER = `an array of at most ${MAX_WORKER_TAGS} tags of workers, or null`;
const MONTH = 31 * 86_400;
const WORD = 'a non-empty string without NUL characters';
const word = () => z.string({ error: WORD }).regex(/^[^\0]+$/, { error: WORD });
const COMMAND = 'a command: a non-empty string, or an array of 1 to 1000 strings';
const command = () =>
  z
    .union(
      [
        word().regex(/\S/, { error: COMMAND }),
        z.array(word()).min(1, { error: COMMAND }).max(1000, { error: COMMAND }),
      ],
      { error: COMMAND },
    )
    .nullable()
    .default(null);

/** `xlsx`, `db` and `ndjson` are accepted as aliases. */
const outputFormat = () => z.preprocess(resolveFormatAlias, oneOf(OUTPUT_FORMATS));
