import * as z from 'zod';
import {
  ACTORS,
  DEFINITION_DEFAULTS,
  DEFINITION_FIELDS,
  type DefinitionField,
  jobFields,
} from '../../src/core/model/definition.ts';
import { percentList } from '../../src/core/model/expectations.ts';
import { NAME } from '../../src/core/model/ids.ts';
import { JOB_STATUSES } from '../../src/core/model/job-record.ts';
import { FORMAT_NAMES } from '../../src/core/model/output-format.ts';
import type { BOOKKEEPING_FIELDS } from '../../src/core/model/serialize-job.ts';
import { WORKER_NAME } from '../../src/core/model/worker-names.ts';
import { SCHEDULE_KINDS } from '../../src/core/schedule/kinds.ts';
import { fieldsOf, type Schema } from '../schema-words.ts';
import { enumerated, forEditors } from './for-editors.ts';

const NAME_RULE = 'Use 1 to 64 lower-case letters, digits, "-" and "_", with a letter or digit at both ends.';

/** What an editor shows of a field besides the rule that checks it. */
const EXPLAINED: { readonly [F in DefinitionField]?: Schema } = {
  config_name: {
    description: 'The configuration to run: the name of a file in configs/, without .yaml',
    examples: ['books'],
  },
  schedule: {
    examples: [
      { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' },
      { type: 'hourly', minute: 15 },
      { type: 'weekly', day_of_week: 0, time: '09:00' },
      { type: 'monthly', day_of_month: 31, time: '09:00' },
      { type: 'once', date: '2026-12-24', time: '18:00' },
      { type: 'custom', cron_expression: '*/15 9-17 * * 1-5' },
    ],
  },
  description: { examples: ['Prices of every book'] },
  output_format: { description: 'The format of the output file; null: as the configuration says' },
  output_path: {
    description:
      'The output file, relative to output/ of the home. {date}, {time}, {datetime}, {timestamp}, {config_name}, {job_id} and {run_id} are filled in; null: as the configuration says',
    examples: ['prices/{date}.csv'],
  },
  max_retries: { description: 'How many more attempts follow a failed one' },
  on_success: { examples: [['curl', '-fsS', 'https://hc.example/ping/ID']] },
  on_failure: { examples: ['/home/me/bin/mail-failure'] },
  enabled: { description: 'Whether it runs by its schedule; false: only when it is asked to' },
  tags: { examples: [['prices']] },
  overlap: enumerated('What happens when it is due while an earlier run is active', {
    skip: 'The new run is skipped.',
    queue: 'The new run waits.',
    cancel_running: 'The earlier run is cancelled, and the new one starts.',
    allow: 'Both run at once.',
  }),
  misfire_grace_time: { description: 'Seconds that an occurrence may start late; null: any number' },
  catch_up: enumerated('Which occurrences run later that were missed while no scheduler ran', {
    latest: 'The latest one.',
    all: 'All of them, at most 100.',
    none: 'None.',
  }),
  retry_backoff: enumerated('How long a retry waits', {
    fixed: 'Always retry_delay.',
    exponential: 'Twice as long as the one before.',
  }),
  on_failure_mode: enumerated('When on_failure is called', {
    each: 'After each failed run.',
    streak: 'After the first failed run in a row.',
  }),
  worker: {
    description: 'Tags that its worker on another machine must have; null: any worker, or this machine',
    examples: [['browser']],
  },
};

/** The fields that the program writes. Only what it refuses in them is refused. */
const BOOKKEEPING: { readonly [F in (typeof BOOKKEEPING_FIELDS)[number]]: Schema } = {
  id: {
    type: 'string',
    pattern: NAME.source,
    patternErrorMessage: NAME_RULE,
    description: 'The name of the job, the same as that of its file',
  },
  status: copy('How the last run ended', JOB_STATUSES),
  last_run: copy('When the last run began, in UTC', [null, '2026-11-25T08:00:00.000Z']),
  next_run: copy('The next occurrence, in UTC', [null, '2026-11-26T08:00:00.000Z']),
  created_at: { type: 'string', ...copy('When the job was made', ['2026-11-25T08:00:00.000Z']) },
  updated_at: { type: 'string', ...copy('When the job was last changed', ['2026-11-25T08:00:00.000Z']) },
  schema_version: {
    anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }],
    ...copy('The version of this layout', [1]),
  },
  revision: { type: 'integer', minimum: 1, ...copy('Rises with each change of the job', [1]) },
  created_by: copy('Which interface made the job', ACTORS),
  updated_by: copy('Which interface changed the job last', ACTORS),
};

function copy(description: string, examples: readonly unknown[]): Schema {
  return {
    description: `${description}. Written by QuickScrape: a change is overwritten`,
    readOnly: true,
    examples,
  };
}

/** What an editor says of a text that does not match a pattern of the rules. */
const MESSAGES: Readonly<Record<string, string>> = {
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}$': 'Use YYYY-MM-DD, such as 2026-12-24.',
  '^([01][0-9]|2[0-3]):[0-5][0-9]$': 'Use HH:MM from 00:00 to 23:59.',
  '^[^\\0]+$': 'Use a text that is not empty.',
  '\\S': 'Use a text that is not empty.',
  '^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$': 'Use some visible characters.',
  [NAME.source]: NAME_RULE,
  '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$': 'Use letters, digits, - and _, 64 at most.',
  [WORKER_NAME.source]: 'Use 1 to 40 lower-case letters, digits and "-", with a letter or digit first.',
};

/**
 * Creates the JSON Schema of a job file. Other fields are allowed at the top, because a job file may have fields of
 * other programs. Rules that need the home or a calendar are checked only when the file is read.
 */
export function createJobSchema(): Schema {
  const schema = z.toJSONSchema(jobFields(), { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  const { properties, ...rest } = forEditors(withFunctionRules(schema as Schema), MESSAGES);
  const rules = fieldsOf({ properties });
  const explained = DEFINITION_FIELDS.map((field) => [field, { ...rules[field], ...EXPLAINED[field] }]);
  const { id, ...bookkeeping } = BOOKKEEPING;
  return {
    title: 'QuickScrape job',
    description: 'What a job scrapes, when, and what happens afterwards. Durations are seconds.',
    ...rest,
    properties: {
      $schema: { description: 'The schema with which editors complete and check this file' },
      id,
      ...Object.fromEntries(explained),
      ...bookkeeping,
    },
    additionalProperties: true,
  };
}

/** Adds what zod does not put into a schema: rules that are functions, and values that are converted before. */
function withFunctionRules(schema: Schema): Schema {
  const { config_name, schedule, output_format, worker, expect, ...others } = fieldsOf(schema);
  const [tags, noTags] = formsOf(worker);
  const [formats, noFormat] = formsOf(output_format);
  const [expectations, noExpectations] = formsOf(expect);
  const { min_fill_percent: percents, ...checks } = fieldsOf(expectations);
  const { description, ...percentRecord } = percents as Schema;
  const percentForms = [percentRecord, z.toJSONSchema(percentList(), { target: 'draft-7' })];
  return {
    ...schema,
    properties: {
      ...others,
      config_name: { ...config_name, pattern: NAME.source },
      schedule: byKind(schedule as Schema),
      output_format: {
        ...output_format,
        default: DEFINITION_DEFAULTS.output_format,
        anyOf: [{ ...formats, enum: FORMAT_NAMES }, noFormat],
      },
      worker: {
        ...worker,
        anyOf: [{ ...tags, items: { type: 'string', pattern: WORKER_NAME.source } }, noTags],
      },
      expect: {
        ...expect,
        default: DEFINITION_DEFAULTS.expect,
        anyOf: [
          {
            ...expectations,
            properties: { ...checks, min_fill_percent: { description, anyOf: percentForms } },
          },
          noExpectations,
        ],
      },
    },
  };
}

/** One condition for each kind, so that an editor names what is wrong with the kind that is meant. */
function byKind({ oneOf, ...schedule }: Schema): Schema {
  const kinds = (oneOf as Schema[]).map((kind) => {
    const { type } = fieldsOf(kind);
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    return { if: { type: 'object', properties: { type }, required: ['type'] }, then: kind };
  });
  const type = { type: 'string', enum: SCHEDULE_KINDS, description: 'The kind of schedule' };
  return { ...schedule, type: 'object', properties: { type }, required: ['type'], allOf: kinds };
}

/** The forms of a value that may be null. */
function formsOf(schema: Schema | undefined): [Schema, Schema] {
  return schema?.['anyOf'] as [Schema, Schema];
}
