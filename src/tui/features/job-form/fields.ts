import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { type DefinitionField, type JobDefinition, jobFields } from '../../../core/model/definition.ts';
import { OUTPUT_FORMATS } from '../../../core/model/output-format.ts';
import { SCHEDULE_KINDS, type ScheduleKind, WEEKDAYS } from '../../../core/schedule/kinds.ts';
import type { FieldPath, TextPath } from './model.ts';
import { isParamPath, paramOf } from './param-texts.ts';

/** The groups of the form. From `Retries` on they are folded until the user unfolds them. */
export const FORM_GROUPS = [
  'Job',
  'Parameters',
  'Schedule',
  'Output',
  'Retries',
  'Late, overlapping, spread',
  'Failures and commands',
  'Expectations',
  'Workers',
  'History',
] as const;

export type FormGroup = (typeof FORM_GROUPS)[number];

const FIRST_FOLDED_GROUP = FORM_GROUPS.indexOf('Retries');

/** The kind of input of a field. The allowed values come from the job schema (`form-calls.ts`), never from here. */
export type FieldKind =
  | { is: 'text' }
  | { is: 'number'; seconds?: true }
  /** Words separated by commas. */
  | { is: 'list' }
  /** A command line for `parseCommandString`, or a JSON array. */
  | { is: 'command' }
  /** Text with a list of choices. */
  | { is: 'pick' }
  | { is: 'choice'; choices: readonly FieldChoice[] };

export interface FieldChoice {
  value: string;
  /** The displayed text instead of the value. */
  label?: string;
  /** The meaning of the value. */
  words?: string;
}

export interface FormField {
  path: FieldPath;
  group: FormGroup;
  kind: FieldKind;
  /** One line of help for the field with the focus. */
  help: string;
  /** What an empty field shows, where that is not a default of jobs (`placeholderOf`). */
  placeholder?: string;
}

const KIND_LABELS: Readonly<Record<ScheduleKind, string>> = {
  once: 'on one day',
  hourly: 'every hour',
  daily: 'every day',
  weekly: 'every week',
  monthly: 'every month',
  custom: 'a cron expression',
};

const NO: FieldChoice = { value: 'false', label: 'no' };
export const YES_NO: readonly FieldChoice[] = [{ value: 'true', label: 'yes' }, NO];
const yesNo = (label: string) => ({ is: 'choice', choices: [{ value: '', label }, ...YES_NO] }) as const;
const AS_CONFIGURED = yesNo('as the configuration says');

const OVERLAP: Readonly<Record<JobDefinition['overlap'], string>> = {
  skip: 'an occurrence is skipped while a run of the job is active',
  queue: 'it waits for the run to end',
  cancel_running: 'the run is cancelled and the new one begins',
  allow: 'both run at once',
};

const CATCH_UP: Readonly<Record<JobDefinition['catch_up'], string>> = {
  latest: 'of the missed occurrences only the last is run',
  all: 'all missed occurrences are run',
  none: 'missed occurrences are not run',
};

const BACKOFF: Readonly<Record<JobDefinition['retry_backoff'], string>> = {
  fixed: 'the same delay before each',
  exponential: 'the delay doubles each time, up to a day',
};

const FAILURE_MODE: Readonly<Record<JobDefinition['on_failure_mode'], string>> = {
  each: 'on_failure runs after each failed run',
  streak: 'on_failure runs for the first of failures in a row',
};

/** All fields, in the order of the form. The rows of parameters take the place of `params` (`param-fields.ts`). */
export const FORM_FIELDS: readonly (FormField & { path: TextPath })[] = [
  field(
    'job_id',
    'Job',
    { is: 'text' },
    'What the job is called; made from the configuration when left empty.',
  ),
  field('config_name', 'Job', { is: 'pick' }, 'What it scrapes: a configuration.'),
  field('description', 'Job', { is: 'text' }, 'A note for people.'),
  field('tags', 'Job', { is: 'list' }, 'With commas between them; → at the end completes one.'),
  field('enabled', 'Job', { is: 'choice', choices: YES_NO }, 'Whether the scheduler starts it.'),
  field(
    'params',
    'Parameters',
    { is: 'text' },
    'Such as city=berlin, pages=3; a row each where the configuration can be read.',
  ),
  field(
    'schedule.type',
    'Schedule',
    { is: 'choice', choices: SCHEDULE_KINDS.map((value) => ({ value, words: KIND_LABELS[value] })) },
    'Enter shows common schedules, too.',
  ),
  field('schedule.date', 'Schedule', { is: 'text' }, 'YYYY-MM-DD'),
  field('schedule.minute', 'Schedule', { is: 'number' }, 'Of every hour, 0-59.'),
  field(
    'schedule.day_of_week',
    'Schedule',
    { is: 'choice', choices: WEEKDAYS.map((label, day) => ({ value: String(day), label })) },
    'The day of the week.',
  ),
  field('schedule.day_of_month', 'Schedule', { is: 'number' }, '1-31; in a shorter month its last day.'),
  field('schedule.time', 'Schedule', { is: 'text' }, 'HH:MM on the clocks of the time zone.'),
  field(
    'schedule.cron_expression',
    'Schedule',
    { is: 'text' },
    'minute hour day-of-month month day-of-week (0 = Sunday), seconds first if there are six.',
  ),
  field(
    'schedule.timezone',
    'Schedule',
    { is: 'pick' },
    'Such as Europe/Berlin; that of the settings when left empty.',
  ),
  field(
    'output_format',
    'Output',
    {
      is: 'choice',
      choices: [{ value: '', label: 'as configured' }, ...OUTPUT_FORMATS.map((value) => ({ value }))],
    },
    'In place of the format that the configuration says.',
  ),
  field(
    'output_path',
    'Output',
    { is: 'text' },
    'Within output/; {date}, {time}, {config_name}, {job_id}, {run_id} are filled in.',
  ),
  field('max_retries', 'Retries', { is: 'number' }, 'Further attempts when one fails.'),
  field('retry_delay', 'Retries', { is: 'number', seconds: true }, 'Seconds before the next attempt.'),
  field(
    'retry_backoff',
    'Retries',
    { is: 'choice', choices: values('retry_backoff', BACKOFF) },
    'How the delay grows.',
  ),
  field('timeout', 'Retries', { is: 'number', seconds: true }, 'Seconds an attempt may take.'),
  field(
    'overlap',
    'Late, overlapping, spread',
    { is: 'choice', choices: values('overlap', OVERLAP) },
    'What happens when it is due while it is still running.',
  ),
  field(
    'catch_up',
    'Late, overlapping, spread',
    { is: 'choice', choices: values('catch_up', CATCH_UP) },
    'What happens to occurrences that were missed while no scheduler ran.',
  ),
  field(
    'misfire_grace_time',
    'Late, overlapping, spread',
    { is: 'number', seconds: true },
    'Seconds that a missed occurrence may be late; empty: any.',
  ),
  field(
    'jitter',
    'Late, overlapping, spread',
    { is: 'number', seconds: true },
    'Each run starts later by a random number of seconds, up to this one.',
  ),
  field(
    'stagger',
    'Late, overlapping, spread',
    { is: 'number', seconds: true },
    'The job starts later by a fixed part of this number of seconds.',
  ),
  field(
    'priority',
    'Late, overlapping, spread',
    { is: 'number' },
    'The higher is started first when slots are few.',
  ),
  field(
    'pause_after_failures',
    'Failures and commands',
    { is: 'number' },
    'Failures in a row after which it pauses; 0: never.',
  ),
  field(
    'on_failure_mode',
    'Failures and commands',
    { is: 'choice', choices: values('on_failure_mode', FAILURE_MODE) },
    'How often on_failure runs.',
  ),
  field('on_success', 'Failures and commands', { is: 'command' }, 'A command to run when it has succeeded.'),
  field('on_failure', 'Failures and commands', { is: 'command' }, 'A command to run when it has failed.'),
  field(
    'on_recovery',
    'Failures and commands',
    { is: 'command' },
    'A command for the first success after a failure.',
  ),
  field(
    'on_change',
    'Failures and commands',
    { is: 'command' },
    'A command to run when its items have changed.',
  ),
  field(
    'notify',
    'Failures and commands',
    { is: 'text' },
    'Channels that get messages, such as me team:failure,change; off: none; empty: as in the settings. Alt-t tests them.',
  ),
  field('expect.min_items', 'Expectations', { is: 'number' }, 'A run with fewer items fails.'),
  field('expect.required_fields', 'Expectations', { is: 'list' }, 'Fields that every item must have.'),
  field(
    'expect.min_fill_percent',
    'Expectations',
    { is: 'list' },
    'The percentage of items in which a field must be filled, such as price 95, title 100.',
  ),
  field(
    'expect.max_drop_percent',
    'Expectations',
    { is: 'number' },
    'By how much fewer items than usual there may be: the median of the last ten good runs.',
  ),
  field(
    'expect.likely_broken',
    'Expectations',
    AS_CONFIGURED,
    'Half of the usual fails if a selector broke.',
  ),
  field('expect.allow_empty', 'Expectations', AS_CONFIGURED, 'Whether a run without items is not a failure.'),
  field(
    'expect.retry',
    'Expectations',
    yesNo('no'),
    'Whether another attempt is made when something expected is not met.',
  ),
  field('expect.usual_since', 'Expectations', { is: 'text' }, 'Runs before this do not count as usual.'),
  field(
    'worker',
    'Workers',
    { is: 'list' },
    'Tags that a worker on another machine must have, with commas between them; empty: any.',
  ),
  field('keep_runs', 'History', { is: 'number' }, 'The number of runs that are kept.'),
];

/** The label of the field: its name as used in messages. */
export function labelOf(path: FieldPath): string {
  if (isParamPath(path)) return sanitizeText(paramOf(path));
  const name = path === 'schedule.type' ? 'schedule' : path.slice(path.indexOf('.') + 1);
  return name.replaceAll('_', ' ');
}

export function isFolded(group: FormGroup): boolean {
  return FORM_GROUPS.indexOf(group) >= FIRST_FOLDED_GROUP;
}

/** The field of the definition that a path belongs to; `undefined` for the id. */
export function definitionFieldOf(path: FieldPath): DefinitionField | undefined {
  if (path === 'job_id') return undefined;
  const [head = ''] = path.split('.');
  return head as DefinitionField;
}

function field<P extends TextPath>(path: P, group: FormGroup, kind: FieldKind, help: string) {
  return { path, group, kind, help };
}

/** The values that the schema allows in a choice field. */
function values(
  name: 'retry_backoff' | 'overlap' | 'catch_up' | 'on_failure_mode',
  words: Readonly<Record<string, string>> = {},
): FieldChoice[] {
  const options: readonly string[] = jobFields().shape[name].unwrap().options;
  return options.map((value) => ({ value, ...(words[value] && { words: words[value] }) }));
}
