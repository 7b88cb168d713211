import { Cron } from 'croner';
import { formatValue, invalidSchedule } from '../invalid-schedule.ts';
import { compileBuiltInCron, type NextWallTime } from './built-in-cron.ts';
import {
  cronValue,
  DAY_OF_MONTH,
  DAY_OF_WEEK,
  type FieldKind,
  HOUR,
  MINUTE,
  MONTH,
  SECOND,
} from './cron-field.ts';

/**
 * The fields of a cron expression, as written, except that `?` becomes `*`, `SUN-SUN` becomes `0`, and nicknames are
 * expanded.
 */
export interface CronFields {
  second: string;
  minute: string;
  hour: string;
  dayOfMonth: string;
  month: string;
  dayOfWeek: string;
}

export interface CronExpression {
  /** As written, with single spaces. This form is stored and shown. */
  expression: string;
  fields: CronFields;
  /** The six fields in croner's syntax. */
  pattern: string;
  /** Finds the times; `undefined` when only croner supports the pattern. */
  builtIn: NextWallTime | undefined;
}

const FIELD = 'cron_expression';
const MAX_LENGTH = 256;
const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
]);
const SHAPE = 'five fields (minute hour day month weekday), or six with seconds first, such as "0 9 * * 1-5"';
const ALLOWED: readonly (readonly [of: FieldKind, allowed: string])[] = [
  [SECOND, '0-59'],
  [MINUTE, '0-59'],
  [HOUR, '0-23'],
  [DAY_OF_MONTH, '1-31, L (last day), LW (last weekday), 15W (weekday nearest the 15th)'],
  [MONTH, '1-12 or JAN-DEC'],
  [DAY_OF_WEEK, '0-7 (0 and 7 = Sunday) or SUN-SAT, 5L (last Friday), 5#2 (second Friday)'],
];

/** At most this many values of a range are listed one by one. */
const MAX_LISTED = 7;
/** Jobs share expressions, so the cache is small. */
const MAX_CACHED_EXPRESSIONS = 1000;
const parsed = new Map<string, CronExpression>();

/**
 * Parses and checks a cron expression: five or six fields, or a nickname.
 *
 * @throws QuickscrapeError `invalid_schedule`, field `cron_expression`, naming the part that is wrong
 */
export function parseCron(value: unknown): CronExpression {
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_LENGTH) {
    throw invalidSchedule(FIELD, value, `use ${SHAPE}`);
  }
  const expression = value.trim().replace(/\s+/g, ' ');
  const known = parsed.get(expression);
  if (known !== undefined) return known;
  const parts = splitParts(expression);
  const pattern = parts.join(' ');
  // Creating a croner object takes longer than loading the rest of a job.
  const builtIn = compileBuiltInCron(pattern);
  const reason = builtIn === undefined ? cronerError(pattern) : undefined;
  if (reason !== undefined) throw partError(expression, parts, reason);
  const [second = '', minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = parts;
  const cron = {
    expression,
    pattern,
    builtIn,
    fields: { second, minute, hour, dayOfMonth, month, dayOfWeek },
  };
  if (parsed.size >= MAX_CACHED_EXPRESSIONS) parsed.clear();
  parsed.set(expression, cron);
  return cron;
}

function splitParts(expression: string): string[] {
  const nickname = NICKNAMES.get(expression.toLowerCase());
  if (expression.startsWith('@') && nickname === undefined) {
    const names = [...NICKNAMES.keys()].join(' ');
    const hint = /^@reboot$/i.test(expression)
      ? 'a schedule cannot start a job at boot: give a time; a missed run is caught up when the scheduler starts'
      : undefined;
    throw invalidSchedule(FIELD, expression, `the known nicknames are ${names}`, hint);
  }
  const parts = (nickname ?? expression).replaceAll('?', '*').split(' ');
  if (parts.length === 7) {
    const hint = 'for a single date use the type "once"';
    throw invalidSchedule(
      FIELD,
      expression,
      `it has seven fields; years are not supported: use ${SHAPE}`,
      hint,
    );
  }
  if (parts.length < 5 || parts.length > 7) {
    const count = parts.length === 1 ? 'one field' : `${parts.length} fields`;
    throw invalidSchedule(FIELD, expression, `it has ${count}: use ${SHAPE}`);
  }
  return (parts.length === 5 ? ['0', ...parts] : parts).with(-1, normalizeSundayRange(parts.at(-1) ?? ''));
}

/**
 * Replaces a range from Sunday to Sunday, by name, with that one day, like `0-0` and as in Vixie cron. croner reads the
 * second Sunday as day 7 and therefore matches the whole week.
 */
function normalizeSundayRange(dayOfWeek: string): string {
  return dayOfWeek.replaceAll(/(?<![\w-])(?:SUN|00?)-SUN(\/?)/gi, (_, step) => (step === '' ? '0' : '0-0/'));
}

/** Returns croner's error for a pattern; `undefined` when croner accepts it. */
function cronerError(pattern: string): string | undefined {
  try {
    new Cron(pattern, { paused: true, utcOffset: 0, mode: '6-part' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function partError(expression: string, parts: readonly string[], reason: string) {
  for (const [index, [of, allowed]] of ALLOWED.entries()) {
    const { name, size } = of;
    const part = parts[index] ?? '';
    // croner's messages count days and months from 0. Each part is therefore checked alone and named here.
    const alone = ALLOWED.map((_, other) => (other === index ? part : '*')).join(' ');
    if (cronerError(alone) === undefined) continue;
    const step = findInvalidStep(part, size);
    if (step !== undefined) {
      const rule = `the step ${step} of its ${name} ${formatValue(part)} must be from 1 to ${size}`;
      return invalidSchedule(FIELD, expression, rule);
    }
    const rule = `its ${name} ${formatValue(part)} must be ${allowed}; or *, a list (1,3), a range (1-5), a step (*/15, 0-30/10)`;
    return invalidSchedule(FIELD, expression, rule, partHint(part, of));
  }
  return invalidSchedule(FIELD, expression, reason.replace(/^CronPattern: /, ''));
}

/** The first step of a part, as written, that is too large for the field or below 1; `undefined` when all are valid. */
function findInvalidStep(part: string, longest: number): string | undefined {
  const steps = part.split(',').map((item) => /^(?:\*|\w+-\w+)\/(\d+)$/.exec(item)?.[1]);
  return steps.find((step) => step !== undefined && (Number(step) < 1 || Number(step) > longest));
}

function partHint(part: string, of: FieldKind): string | undefined {
  if (/^\d*\/\d+$/.test(part)) return 'a step needs a range before it: write */15 or 5-59/15';
  for (const item of part.split(',')) {
    const upwards = unwrapRange(item, of);
    if (upwards !== undefined) return `a range must ascend: write ${upwards} for ${item}`;
  }
  return undefined;
}

/**
 * `FRI,SAT,SUN,MON` for `FRI-MON`, `50-59,0-10` for `50-10`; `undefined` for anything but a range that runs downwards.
 */
function unwrapRange(item: string, of: FieldKind): string | undefined {
  const { min, size, names } = of;
  const [, first = '', last = '', step] = /^(\w+)-(\w+)(?:\/(\d+))?$/.exec(item) ?? [];
  const [low, high] = [cronValue(first, of), cronValue(last, of)];
  if (low === undefined || high === undefined || low <= high) return undefined;
  const nameOf = (value: number) =>
    /\d/.test(first) ? String(value) : (names[value - min] ?? String(value));
  const values: string[] = [];
  for (let value = low; value <= high + size; value += Number(step ?? 1))
    values.push(nameOf(((value - min) % size) + min));
  if (values.length <= MAX_LISTED || step !== undefined) return values.join(',');
  return `${first}-${nameOf(min + size - 1)},${nameOf(min)}-${last}`;
}
