import * as z from 'zod';
import { once } from '../lib/once.ts';
import { scheduleInput } from '../schedule/rule.ts';
import { DEFAULTS } from './definition-defaults.ts';
import { jobExpectationFields } from './expectations.ts';
import { refineWith } from './field-errors.ts';
import { parseName } from './job-id.ts';
import { OUTPUT_FORMATS, resolveFormatAlias } from './output-format.ts';
import { checkOutputPath } from './output-path.ts';

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
  }),
);
