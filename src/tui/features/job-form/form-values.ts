import {
  COMMAND_FIELDS,
  type CommandField,
  DEFINITION_DEFAULTS,
  DEFINITION_FIELDS,
  type DefinitionField,
  type JobDefinition,
} from '../../../core/model/definition.ts';
import { formatNotify, parseNotify } from '../../../core/model/notify-events.ts';
import { SCHEDULE_FIELDS, SCHEDULE_KINDS, type ScheduleField } from '../../../core/schedule/kinds.ts';
import { definitionFieldOf, FORM_FIELDS } from './fields.ts';
import type { FormTexts, TextPath } from './model.ts';
import { formatParamValues, parseParamValues } from './param-texts.ts';

/**
 * The initial values of parts that the current schedule does not have. They are kept, so that changing the type and
 * back loses nothing.
 */
const BLANK_PARTS: Readonly<Record<ScheduleField, string>> = {
  date: '',
  time: '09:00',
  minute: '0',
  day_of_week: '0',
  day_of_month: '1',
  cron_expression: '',
};

/** The texts of a definition. */
export function toFormTexts(definition: JobDefinition, jobId = ''): FormTexts {
  const schedule: Record<string, unknown> = { ...BLANK_PARTS, ...definition.schedule };
  const expect: Record<string, unknown> = { ...definition.expect };
  return Object.fromEntries(
    FORM_FIELDS.map(({ path }) => {
      const [head = '', part] = path.split('.');
      if (path === 'job_id') return [path, jobId];
      if (part === undefined)
        return [
          path,
          isCommand(path) ? commandText(definition[path]) : fieldText(definition, head as DefinitionField),
        ];
      return [path, textOf(head === 'schedule' ? schedule[part] : expect[part])];
    }),
  ) as FormTexts;
}

function fieldText(definition: JobDefinition, field: DefinitionField): string {
  const { notify, params } = definition;
  if (field === 'params') return formatParamValues(params);
  return field === 'notify' && notify !== null ? formatNotify(notify) : textOf(definition[field]);
}

/** The texts of a new job. Fields with a default in the settings are empty. */
export function newTexts(configName: string): FormTexts {
  const schedule = { type: 'daily', time: '09:00', timezone: '' } as const;
  const texts = toFormTexts({ ...DEFINITION_DEFAULTS, config_name: configName, schedule });
  return { ...texts, keep_runs: '' };
}

/**
 * Parses the texts into fields of the definition, for validation by the job's schema. Unparsable text stays text. A
 * field that is unchanged from `base` keeps the exact value of `base`.
 * @returns the fields; without `base`, empty ones are left out
 */
export function parseFormTexts(texts: FormTexts, base: JobDefinition | undefined): Record<string, unknown> {
  const known = base === undefined ? undefined : toFormTexts(base);
  return Object.fromEntries(
    DEFINITION_FIELDS.flatMap((field): [string, unknown][] => {
      if (base !== undefined && known !== undefined && !isFieldChanged(texts, known, field))
        return [[field, base[field]]];
      const value = parseField(texts, field, base);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** Whether two forms differ in a field of the definition. Parts that the schedule's type does not have are ignored. */
export function isFieldChanged(one: FormTexts, other: FormTexts, field: DefinitionField): boolean {
  return fieldPathsOf(field, one['schedule.type']).some((path) => one[path] !== other[path]);
}

/** The form fields that make up a field of the definition. */
export function fieldPathsOf(field: DefinitionField, scheduleType: string): readonly TextPath[] {
  if (field === 'schedule') {
    const parts = fieldsOfKind(scheduleType).map((part): TextPath => `schedule.${part}`);
    return ['schedule.type', ...parts, 'schedule.timezone'];
  }
  return FORM_FIELDS.map(({ path }) => path).filter((path) => definitionFieldOf(path) === field);
}

/** The fields of a kind of schedule; none for an unknown kind. */
function fieldsOfKind(type: string): readonly ScheduleField[] {
  const kind = SCHEDULE_KINDS.find((known) => known === type);
  return kind === undefined ? [] : SCHEDULE_FIELDS[kind];
}

/** Without `base`, an empty field is left out; otherwise it becomes its default. */
function parseField(texts: FormTexts, field: DefinitionField, base: JobDefinition | undefined): unknown {
  if (field === 'schedule') return scheduleOf(texts);
  if (field === 'expect') return expectOf(texts);
  if (field === 'config_name') return parseText(field, texts[field]);
  const text = texts[field];
  const parsed = field === 'params' ? parseParamValues(texts, base?.params) : parseText(field, text);
  if (text.trim() !== '' && parsed !== undefined) return parsed;
  return base === undefined ? undefined : DEFINITION_DEFAULTS[field];
}

/** The schedule in the form, not validated; without a zone when the field is empty. */
export function scheduleOf(texts: FormTexts): Record<string, unknown> {
  const type = texts['schedule.type'];
  const zone = texts['schedule.timezone'].trim();
  return {
    type,
    ...Object.fromEntries(
      fieldsOfKind(type).map((part) => [part, parseText(`schedule.${part}`, texts[`schedule.${part}`])]),
    ),
    ...(zone !== '' && { timezone: zone }),
  };
}

function expectOf(texts: FormTexts): Record<string, unknown> | null {
  const parts = fieldPathsOf('expect', '').filter((path) => texts[path].trim() !== '');
  if (parts.length === 0) return null;
  return Object.fromEntries(
    parts.map((path) => [path.slice('expect.'.length), parseText(path, texts[path])]),
  );
}

function parseText(path: TextPath, text: string): unknown {
  switch (path) {
    case 'enabled':
    case 'expect.allow_empty':
    case 'expect.likely_broken':
    case 'expect.retry':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'tags':
    case 'worker':
    case 'expect.required_fields':
      return listOf(text);
    case 'notify':
      return parseNotify(text);
    case 'expect.min_fill_percent':
      return parseFillRates(text);
    case 'description':
    case 'output_path':
      return text;
    default:
      if (isCommand(path)) return parseCommand(text);
      return NUMBERS.has(path) ? parseNumber(text) : text.trim();
  }
}

const NUMBERS: ReadonlySet<TextPath> = new Set([
  ...FORM_FIELDS.filter(({ kind }) => kind.is === 'number').map(({ path }) => path),
  'schedule.day_of_week' as const,
]);

function parseNumber(text: string): number | string | undefined {
  const plain = text.trim();
  if (plain === '') return undefined;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : plain;
}

/** `price 95` */
const PART = /^(\S.*?)\s+(\d+(?:\.\d+)?)$/;

/**
 * Percentages by field as text: `price 95, title 100`. JSON is used when this text would not parse to the same value.
 */
function formatFillRates(percents: object): string {
  const entries = Object.entries(percents);
  const plain = entries.map(([field, percent]) => `${field} ${percent}`).join(', ');
  const json = JSON.stringify(percents);
  return entries.length > 0 && JSON.stringify(parseFillRates(plain)) === json ? plain : json;
}

/** Parses such a text. Unparsable text is returned as it is, so that the job's schema rejects it. */
function parseFillRates(text: string): unknown {
  if (text.trimStart().startsWith('{')) return parseJsonOrText(text);
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => PART.exec(part));
  if (parts.some((part) => part === null)) return text;
  return Object.fromEntries(parts.map((part) => [part?.[1] ?? '', Number(part?.[2])]));
}

function parseJsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A value as text: a list with commas. JSON is used when this text would not parse to the same list. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object' && !Array.isArray(value)) return formatFillRates(value);
  if (!Array.isArray(value)) return String(value);
  const plain = value.join(', ');
  return JSON.stringify(listOf(plain)) === JSON.stringify(value) ? plain : JSON.stringify(value);
}

/** A command as a line, or an array as JSON. A line that would parse as JSON is written as a JSON string. */
function commandText(command: string | string[] | null): string {
  if (command === null) return '';
  return Array.isArray(command) || jsonArray(command) !== undefined ? JSON.stringify(command) : command;
}

function parseCommand(text: string): unknown {
  const array = jsonArray(text);
  if (array !== undefined || !text.startsWith('"[')) return array ?? text;
  return parseJsonOrText(text);
}

function isCommand(path: TextPath): path is CommandField {
  return (COMMAND_FIELDS as readonly TextPath[]).includes(path);
}

function listOf(text: string): string[] {
  return (
    jsonArray(text) ??
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '')
  );
}

function jsonArray(text: string): string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
