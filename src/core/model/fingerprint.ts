import { hash } from 'node:crypto';
import { isRecord } from '../lib/json.ts';
import { parseRule } from '../schedule/parse-rule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';
import {
  DEFINITION_DEFAULTS,
  DEFINITION_FIELDS,
  type DefinitionField,
  FIELDS_EMPTY_BY_DEFAULT,
  type JobDefinition,
} from './definition.ts';

/** Increased when validation becomes stricter, so that definitions accepted by an older version are checked again. */
const VALIDATION_VERSION = 1;

const DEFAULTS: Readonly<Record<string, unknown>> = DEFINITION_DEFAULTS;
const OTHER_FIELDS = DEFINITION_FIELDS.filter((field) => field !== 'schedule')
  .sort()
  .map((field) => ({
    field,
    usual: DEFAULTS[field],
    isUsuallyEmpty: FIELDS_EMPTY_BY_DEFAULT.includes(field),
  }));

/** A short text is its own fingerprint: comparing thousands of texts is faster than hashing them. */
const MAX_TEXT_LENGTH = 250;

/** The fields of a definition, except its schedule, that differ from the default, in canonical order. */
export type NonDefaultFields = [DefinitionField, unknown][];

export function nonDefaultFields(source: Readonly<Record<string, unknown>>): NonDefaultFields {
  const said: NonDefaultFields = [];
  for (const { field, usual, isUsuallyEmpty } of OTHER_FIELDS) {
    const value = source[field];
    const isEmpty = isUsuallyEmpty && Array.isArray(value) && value.length === 0;
    if (value === undefined || value === usual || isEmpty) continue;
    said.push([field, value]);
  }
  return said;
}

/**
 * Returns a fingerprint of a definition: the text of the values that differ from the defaults, or its SHA-256 if it is
 * long. The order of the fields does not matter. New fields in a later version do not change the hashes of existing
 * jobs. The schedule is included as written ({@link scheduleText}). If a file leaves the time zone to the system,
 * processes in two zones must compute the same fingerprint.
 */
export function fingerprint(said: NonDefaultFields, schedule: string): string {
  const canonical = said.some(([, value]) => isRecord(value))
    ? said.map(([field, value]) => [field, isRecord(value) ? sorted(value) : value])
    : said;
  const text = JSON.stringify([VALIDATION_VERSION, schedule, canonical]);
  return text.length > MAX_TEXT_LENGTH ? hash('sha256', text) : text;
}

export function definitionHash(definition: JobDefinition): string {
  return fingerprint(nonDefaultFields({ ...definition }), scheduleText(definition.schedule));
}

/**
 * Returns a hash that changes when the job's occurrences change: by the schedule or by `enabled`.
 * @param schedule the output of {@link scheduleText}
 */
export function scheduleHash(schedule: string, enabled: boolean): string {
  return `${schedule} ${enabled}`;
}

/** Many jobs share few schedules, so each is parsed and stored once. The key is its text. */
const texts = new Map<string, string>();
const dicts = new Map<string, ScheduleDict>();
const MAX_CACHED = 20_000;

/**
 * Returns the schedule with its defaults: one frozen object for all jobs that share it.
 * @param text the output of {@link scheduleText}
 * @throws QuickscrapeError `invalid_schedule`
 */
export function internSchedule(written: unknown, text = scheduleText(written)): ScheduleDict {
  let dict = dicts.get(text);
  if (!dict) {
    dict = parseRule(written);
    addToCache(dicts, text, dict);
  }
  return dict;
}

/** Serializes a schedule as written, independent of the order of its fields. */
export function scheduleText(written: unknown): string {
  const spelling = JSON.stringify(written) ?? '';
  let text = texts.get(spelling);
  if (text === undefined) {
    text = isRecord(written) ? JSON.stringify(sorted(written)) : spelling;
    addToCache(texts, spelling, text);
  }
  return text;
}

/** A plain map, because an LRU cache allocates its memory when it is created, and every command would wait for that. */
function addToCache<T>(kept: Map<string, T>, key: string, value: T): void {
  if (kept.size >= MAX_CACHED) kept.clear();
  kept.set(key, value);
}

function sorted(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
