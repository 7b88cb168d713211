import { hash } from 'node:crypto';
import { parseRule } from '../schedule/parse-rule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';
import {
  DEFINITION_DEFAULTS,
  DEFINITION_FIELDS,
  type DefinitionField,
  type JobDefinition,
} from './definition.ts';

/** Rises when definitions are judged more strictly: what an older version found valid is checked again. */
const VALIDATION_VERSION = 1;

const DEFAULTS: Readonly<Record<string, unknown>> = DEFINITION_DEFAULTS;
const OTHER_FIELDS = DEFINITION_FIELDS.filter((field) => field !== 'schedule')
  .sort()
  .map((field) => ({ field, usual: DEFAULTS[field] }));

/** A short text stands for itself: thousands of texts are compared faster than they are hashed. */
const MAX_TEXT_LENGTH = 250;

/** What a definition says beside its schedule, where that is not the default; in an order of its own. */
export type NonDefaultFields = [DefinitionField, unknown][];

export function nonDefaultFields(source: Readonly<Record<string, unknown>>): NonDefaultFields {
  const said: NonDefaultFields = [];
  for (const { field, usual } of OTHER_FIELDS) {
    const value = source[field];
    if (value === undefined || value === usual || (Array.isArray(value) && value.length === 0)) continue;
    said.push([field, value]);
  }
  return said;
}

/**
 * Tells definitions apart by what differs from the defaults, whatever the order of the fields: its text, or the SHA-256
 * of a long one. So a later version's new fields leave the hashes of today's jobs as they are. The schedule counts as
 * it is written ({@link scheduleText}), since a time zone that a file leaves to the system must not make two processes
 * in two zones see two definitions.
 */
export function fingerprint(said: NonDefaultFields, schedule: string): string {
  const canonical = said.some(([, value]) => isObject(value))
    ? said.map(([field, value]) => [field, isObject(value) ? sorted(value) : value])
    : said;
  const text = JSON.stringify([VALIDATION_VERSION, schedule, canonical]);
  return text.length > MAX_TEXT_LENGTH ? hash('sha256', text) : text;
}

export function definitionHash(definition: JobDefinition): string {
  return fingerprint(nonDefaultFields({ ...definition }), scheduleText(definition.schedule));
}

/**
 * Changes when the job's occurrences change: by the schedule and by whether it is enabled.
 * @param schedule as {@link scheduleText} gives it
 */
export function scheduleHash(schedule: string, enabled: boolean): string {
  return `${schedule} ${enabled}`;
}

/** Few schedules serve many jobs: each is parsed and kept once. The key is its spelling. */
const texts = new Map<string, string>();
const dicts = new Map<string, ScheduleDict>();
const MAX_CACHED = 20_000;

/**
 * The schedule with its defaults, one frozen object for all jobs that share it.
 * @param text what {@link scheduleText} makes of it
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

/** A schedule as it is written, whatever the order of its fields. */
export function scheduleText(written: unknown): string {
  const spelling = JSON.stringify(written) ?? '';
  let text = texts.get(spelling);
  if (text === undefined) {
    text = isObject(written) ? JSON.stringify(sorted(written)) : spelling;
    addToCache(texts, spelling, text);
  }
  return text;
}

/** A map, not a cache that sets its room aside as it is made: every command would wait for that. */
function addToCache<T>(kept: Map<string, T>, key: string, value: T): void {
  if (kept.size >= MAX_CACHED) kept.clear();
  kept.set(key, value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
