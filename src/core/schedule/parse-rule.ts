import { closest, distance } from 'fastest-levenshtein';
import { parseCron } from './engine/cron-expression.ts';
import { systemTimezone } from './engine/instant.ts';
import { invalidSchedule } from './invalid-schedule.ts';
import { SCHEDULE_FIELDS, SCHEDULE_KINDS, type ScheduleField, type ScheduleKind } from './kinds.ts';
import type { ScheduleDict } from './rule.ts';
import { describeScheduleObject } from './schedule-from-text.ts';
import { parseTimezone } from './timezone.ts';

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const LOOSE_TIME = /^(\d{1,2})[:.](\d{1,2})$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

type Check = (value: unknown, field: string) => unknown;

const CHECKS: Readonly<Record<ScheduleField, Check>> = {
  date: parseDate,
  time: parseTime,
  minute: (value) => (value === undefined ? 0 : parseWholeNumber(value, 'minute', 0, 59)),
  day_of_week: (value) => parseWholeNumber(value, 'day_of_week', 0, 6, ' (0 = Monday, 6 = Sunday)'),
  day_of_month: (value) => parseWholeNumber(value, 'day_of_month', 1, 31),
  cron_expression: (value) => parseCron(value).expression,
};

/** The rules that passed the check. They are frozen, so they stay valid and repeated checks are skipped. */
const checked = new WeakSet<object>();

/**
 * Checks a schedule from any source (a job file, a caller without types) and returns it frozen, with its zone. A
 * missing zone becomes the system's.
 *
 * @throws QuickscrapeError `invalid_schedule` naming the field, the value and what is allowed
 */
export function parseRule(value: unknown): ScheduleDict {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const object = describeScheduleObject(typeof value === 'string' ? value : '');
    throw invalidSchedule('schedule', value, `use an object such as ${object}`);
  }
  if (checked.has(value)) return value as ScheduleDict;
  const given = value as Readonly<Record<string, unknown>>;
  const fields = SCHEDULE_FIELDS[parseKind(given['type'])];
  const allowed = ['type', ...fields, 'timezone'];
  for (const key of Object.keys(given)) {
    if (!allowed.includes(key)) throw unknownField(given, key, allowed);
  }
  const rule: Record<string, unknown> = { type: given['type'] };
  for (const field of fields) rule[field] = CHECKS[field](given[field], field);
  rule['timezone'] = given['timezone'] === undefined ? systemTimezone() : parseTimezone(given['timezone']);
  checked.add(Object.freeze(rule));
  return rule as ScheduleDict;
}

function parseKind(type: unknown): ScheduleKind {
  const kind = SCHEDULE_KINDS.find((each) => each === type);
  if (kind !== undefined) return kind;
  throw invalidSchedule(
    'type',
    type,
    `use one of ${SCHEDULE_KINDS.join(', ')}`,
    didYouMean(type, SCHEDULE_KINDS),
  );
}

function unknownField(given: Readonly<Record<string, unknown>>, key: string, allowed: string[]) {
  const type = String(given['type']);
  return invalidSchedule(
    key,
    given[key] ?? null,
    `a schedule of type ${type} has the fields ${allowed.join(', ')}`,
    didYouMean(key, allowed),
  );
}

function parseDate(value: unknown, field: string): string {
  const parts = typeof value === 'string' ? DATE.exec(value) : null;
  if (parts === null) throw invalidSchedule(field, value, 'use YYYY-MM-DD, such as 2026-12-24');
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  const lastDay =
    month < 1 || month > 12 ? 0 : new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (year < 1 || lastDay === 0)
    throw invalidSchedule(field, value, 'use a year from 0001 and a month 01-12');
  if (day < 1 || day > lastDay) {
    throw invalidSchedule(
      field,
      value,
      `use a day that exists: ${parts[1]}-${parts[2]} has days 01-${lastDay}`,
    );
  }
  return parts[0];
}

function parseTime(value: unknown, field: string): string {
  if (typeof value === 'string' && TIME.test(value)) return value;
  const loose = typeof value === 'string' ? LOOSE_TIME.exec(value) : null;
  const padded = loose
    ?.slice(1)
    .map((part) => part.padStart(2, '0'))
    .join(':');
  const hint = padded !== undefined && TIME.test(padded) ? `write ${padded}` : undefined;
  throw invalidSchedule(field, value, 'use HH:MM from 00:00 to 23:59', hint);
}

function parseWholeNumber(value: unknown, field: string, min: number, max: number, meaning = ''): number {
  // Adding zero turns -0 into 0. JSON and text comparisons would distinguish the two.
  if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) return Number(value) + 0;
  throw invalidSchedule(field, value, `use a whole number from ${min} to ${max}${meaning}`);
}

function didYouMean(value: unknown, names: readonly string[]): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > 64) return undefined;
  const near = closest(value.toLowerCase(), names);
  return distance(value.toLowerCase(), near) <= 3 ? `did you mean ${near}?` : undefined;
}
