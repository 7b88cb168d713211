import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseNotify } from '../../core/model/notify-events.ts';
import {
  CLEARED,
  clearable,
  collectJobParams,
  collectValues,
  integerParser,
  isCleared,
  parseCommaList,
  parseCommand,
  parseFilePath,
  parseSeconds,
} from './flag-values.ts';

/** A field of a job and the flag that sets it. */
interface FieldFlag {
  field: string;
  flags: string;
  help: string;
  parse?: (text: string) => unknown;
  choices?: readonly string[];
}

/** Every job field that a plain flag sets. schedule, tags, expect and enabled have their own flags. */
const FIELD_FLAGS: readonly FieldFlag[] = [
  {
    field: 'description',
    flags: '--description <text>',
    help: 'what it is for',
    parse: String,
  },
  {
    field: 'output_format',
    flags: '--output-format <format>',
    help: 'csv, json, jsonl, excel or sqlite, over the configuration’s',
    parse: clearable(String),
  },
  {
    field: 'output_path',
    flags: '--output-path <path>',
    help: 'file to write; {date} {time} {datetime} {timestamp} {job_id} {run_id} {config_name} are filled in, a relative path lands in output/',
    parse: (text) => clearable(String)(parseFilePath(text)),
  },
  {
    field: 'max_retries',
    flags: '--max-retries <n>',
    help: 'further attempts after a failed one (default 3)',
    parse: integerParser(0),
  },
  {
    field: 'retry_delay',
    flags: '--retry-delay <seconds>',
    help: 'wait before a retry (default 300)',
    parse: parseSeconds,
  },
  {
    field: 'retry_backoff',
    flags: '--retry-backoff <how>',
    help: 'the wait stays or doubles (default fixed)',
    choices: ['fixed', 'exponential'],
  },
  {
    field: 'timeout',
    flags: '--timeout <seconds>',
    help: 'longest time a run may take (default 3600)',
    parse: parseSeconds,
  },
  {
    field: 'overlap',
    flags: '--overlap <policy>',
    help: 'when it is due and still runs (default skip)',
    choices: ['skip', 'queue', 'cancel_running', 'allow'],
  },
  {
    field: 'catch_up',
    flags: '--catch-up <policy>',
    help: 'occurrences missed while nothing ran (default latest)',
    choices: ['latest', 'all', 'none'],
  },
  {
    field: 'misfire_grace_time',
    flags: '--misfire-grace-time <seconds>',
    help: 'start a missed occurrence only this long after it; none: no limit (default)',
    parse: clearable(parseSeconds),
  },
  {
    field: 'jitter',
    flags: '--jitter <seconds>',
    help: 'start up to this much later, at random',
    parse: parseSeconds,
  },
  {
    field: 'stagger',
    flags: '--stagger <seconds>',
    help: 'delay each start by a fixed part of this, different for each job',
    parse: parseSeconds,
  },
  {
    field: 'priority',
    flags: '--priority <n>',
    help: 'higher starts first when runs wait for a slot (default 0)',
    parse: integerParser(-1_000_000),
  },
  {
    field: 'keep_runs',
    flags: '--keep-runs <n>',
    help: 'runs kept in its history (default 50)',
    parse: integerParser(1),
  },
  {
    field: 'pause_after_failures',
    flags: '--pause-after-failures <n>',
    help: 'pause it after this many failures in a row; 0: never (default)',
    parse: integerParser(0),
  },
  {
    field: 'on_success',
    flags: '--on-success <command>',
    help: 'run after a run that succeeded (split at spaces, no shell; or a JSON array of words)',
    parse: clearable(parseCommand),
  },
  {
    field: 'on_failure',
    flags: '--on-failure <command>',
    help: 'run after a run that failed',
    parse: clearable(parseCommand),
  },
  {
    field: 'on_failure_mode',
    flags: '--on-failure-mode <mode>',
    help: 'after each failure, or at the first of a streak (default each)',
    choices: ['each', 'streak'],
  },
  {
    field: 'on_recovery',
    flags: '--on-recovery <command>',
    help: 'run after the first success that follows a failure',
    parse: clearable(parseCommand),
  },
  {
    field: 'on_change',
    flags: '--on-change <command>',
    help: 'run when the items differ from those of the last good run',
    parse: clearable(parseCommand),
  },
  {
    field: 'notify',
    flags: '--notify <channels>',
    help: 'channels that get messages: "me team:failure,change" (default: failure, recovery, paused); off: none; none: as in the settings (default)',
    parse: clearable(parseNotify),
  },
  {
    field: 'worker',
    flags: '--worker <tags>',
    help: 'run it only on a worker that has all these tags, separated by commas; none: on any (default)',
    parse: clearable((text) => parseCommaList(text)),
  },
];

/** Adds a flag for every field of a job but its configuration, schedule and `enabled`. */
export function addJobOptions(command: Command): Command {
  for (const { flags, help, parse, choices } of FIELD_FLAGS) {
    const option = new Option(flags, help);
    if (choices !== undefined) option.choices([...choices]);
    if (parse !== undefined) option.argParser(parse);
    command.addOption(option);
  }
  return addExpectOptions(
    command
      .option('--tag <tag>', 'a tag; give it several times for several', collectValues)
      .option(
        '--param <name=value>',
        'a value for a parameter of its configuration; several times for several',
        collectJobParams,
      ),
  );
}

/** The job fields that the flags set, by their wire names. Other fields are absent. */
export function jobFieldsFromFlags(
  flags: object,
  current: { expect?: object | null; params?: object | null } = {},
): Record<string, unknown> {
  const values = flags as Record<string, unknown> &
    ExpectFlags & {
      tag?: string[];
      param?: Record<string, string> | typeof CLEARED;
    };
  const fields: Record<string, unknown> = {};
  for (const { field } of FIELD_FLAGS) {
    const value = values[camelCase(field)];
    if (value !== undefined) fields[field] = value === CLEARED ? null : value;
  }
  if (values.tag !== undefined) fields['tags'] = values.tag.filter((tag) => !isCleared(tag));
  const expect = mergeExpectFlags(current.expect ?? null, values);
  if (expect !== undefined) fields['expect'] = expect;
  if (values.param !== undefined)
    fields['params'] = values.param === CLEARED ? null : { ...current.params, ...values.param };
  return fields;
}

function camelCase(field: string): string {
  return field.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The flags that set the parts of `expect`. */
interface ExpectFlags {
  expectMinItems?: number | typeof CLEARED;
  expectRequiredFields?: string[];
  expectMinFillPercent?: Record<string, number> | typeof CLEARED;
  expectMaxDropPercent?: number | typeof CLEARED;
  expectLikelyBroken?: string;
  expectAllowEmpty?: string;
  expectRetry?: string;
  expectUsualSince?: string;
}

function addExpectOptions(command: Command): Command {
  return command
    .option(
      '--expect-min-items <n>',
      'a run with fewer items has failed; nothing is written out then',
      clearable(integerParser(0)),
    )
    .option(
      '--expect-required-fields <names>',
      'fields that every item must have, separated by commas',
      parseCommaList,
    )
    .option(
      '--expect-min-fill-percent <fields>',
      'in how many of 100 items a field must be filled: price=95,title=100',
      parseFillPercents,
    )
    .option(
      '--expect-max-drop-percent <n>',
      'a run with this much fewer items than the median of the last ten good ones has failed',
      clearable(integerParser(0, 100)),
    )
    .addOption(
      yesNoOption(
        '--expect-likely-broken <yes|no>',
        'a run with less than half of the usual has failed when a selector has stopped matching (default yes)',
      ),
    )
    .addOption(yesNoOption('--expect-allow-empty <yes|no>', 'a run without items is not a failure'))
    .addOption(
      yesNoOption('--expect-retry <yes|no>', 'try again when something expected is not met (default no)'),
    )
    .option(
      '--expect-usual-since <instant>',
      'do not compare with runs before this instant; now: the present results are usual',
      clearable(parseInstant),
    );
}

function yesNoOption(flags: string, help: string): Option {
  return new Option(flags, help).choices(['yes', 'no', 'none']);
}

/** `undefined`: no flag concerns `expect`; `null`: all expectations are removed. */
function mergeExpectFlags(
  current: object | null,
  flags: ExpectFlags,
): Record<string, unknown> | null | undefined {
  const { expectRequiredFields } = flags;
  const changes = {
    allow_empty: parseYesNo(flags.expectAllowEmpty),
    min_items: flags.expectMinItems,
    required_fields: expectRequiredFields?.length === 0 ? CLEARED : expectRequiredFields,
    min_fill_percent: flags.expectMinFillPercent,
    max_drop_percent: flags.expectMaxDropPercent,
    likely_broken: parseYesNo(flags.expectLikelyBroken),
    retry: parseYesNo(flags.expectRetry),
    usual_since: flags.expectUsualSince,
  };
  if (Object.values(changes).every((value) => value === undefined)) return undefined;
  const requested = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const kept = Object.entries({ ...current, ...requested }).filter(([, value]) => value !== CLEARED);
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

function parseYesNo(text: string | undefined): boolean | typeof CLEARED | undefined {
  return text === undefined ? undefined : isCleared(text) ? CLEARED : text === 'yes';
}

/** `now`, or an instant. The job schema rejects an invalid one. */
function parseInstant(text: string): string {
  if (text === 'now') return new Date().toISOString();
  const at = new Date(text);
  return /[Zz]$|[+-]\d\d:\d\d$/.test(text) && !Number.isNaN(at.getTime()) ? at.toISOString() : text;
}

/** Parses `price=95,title=100`. A field's name may contain `=`, but no comma. */
function parseFillPercents(
  text: string,
  before: Record<string, number> | typeof CLEARED | undefined,
): Record<string, number> | typeof CLEARED {
  if (isCleared(text)) return CLEARED;
  const parts = text.split(',').filter((part) => part.trim() !== '');
  const percents = parts.map((part) => {
    const [, field, percent] = /^\s*(\S.*?)\s*=\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(part) ?? [];
    if (field === undefined)
      throw new InvalidArgumentError('It must be fields and percentages: price=95,title=100.');
    return [field, Number(percent)] as const;
  });
  return { ...(typeof before === 'object' ? before : {}), ...Object.fromEntries(percents) };
}
