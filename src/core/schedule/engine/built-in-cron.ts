import { DAY_MS } from '../../lib/clock.ts';
import {
  type CronField,
  cronField,
  cronValue,
  DAY_OF_MONTH,
  DAY_OF_WEEK,
  HOUR,
  MINUTE,
  MONTH,
  NONE,
  SECOND,
} from './cron-field.ts';

/**
 * Returns the first time strictly after another one at which a pattern occurs. Both are wall-clock times read as if
 * they were UTC, epoch ms; `null` when there is none before the year 3000.
 */
export type NextWallTime = (after: number) => number | null;

/** croner stops there as well. The calendar repeats after 400 years. */
const LAST_YEAR = 2999;
const MAX_YEARS = 400;

/**
 * Finds the times of a six-field pattern with this program's own engine: without croner, with the same results. It
 * supports numbers, names, ranges, steps, lists, `L` and `5#2`.
 *
 * @returns `undefined` for any other pattern, valid or not
 */
export function compileBuiltInCron(pattern: string): NextWallTime | undefined {
  const [second = '', minute = '', hour = '', dayOfMonth = '', monthOfYear = '', dayOfWeek = ''] =
    pattern.split(' ');
  const times = compileTimesOfDay(
    cronField(second, SECOND),
    cronField(minute, MINUTE),
    cronField(hour, HOUR),
  );
  const months = cronField(monthOfYear, MONTH);
  const days = cronDays(dayOfMonth, dayOfWeek);
  if (times === undefined || months === undefined || days === undefined) return undefined;
  const firstTime = times(0) ?? 0;
  const firstMonth = months.values[0] ?? 1;
  return (after) => {
    const from = Math.floor(after / 1000) * 1000 + 1000;
    const date = new Date(from);
    const today = date.getUTCDate();
    let year = date.getUTCFullYear();
    let month = date.getUTCMonth() + 1;
    const lastYear = Math.min(LAST_YEAR, year + MAX_YEARS);
    if (year > lastYear) return null;
    let left = months.next[month] === month ? days(year, month) & (-1 << (today - 1)) : 0;
    if ((left >> (today - 1)) & 1) {
      const midnight = Math.floor(from / DAY_MS) * DAY_MS;
      const time = times((from - midnight) / 1000);
      if (time !== undefined) return midnight + time * 1000;
      left &= -1 << today;
    }
    while (left === 0) {
      month = months.next[month + 1] ?? NONE;
      if (month === NONE) {
        month = firstMonth;
        year += 1;
      }
      if (year > lastYear) return null;
      left = days(year, month);
    }
    const day = 32 - Math.clz32(left & -left);
    return Date.UTC(year, month - 1, day) + firstTime * 1000;
  };
}

/** Returns the first time of day that is not before another one, both in seconds. */
type NextTime = (from: number) => number | undefined;

function compileTimesOfDay(
  seconds: CronField | undefined,
  minutes: CronField | undefined,
  hours: CronField | undefined,
): NextTime | undefined {
  if (seconds === undefined || minutes === undefined || hours === undefined) return undefined;
  const [firstSecond = 0] = seconds.values;
  const firstSecondInHour = (minutes.values[0] ?? 0) * 60 + firstSecond;
  return (from) => {
    const hour = Math.floor(from / 3600);
    const minute = Math.floor(from / 60) % 60;
    if (hours.next[hour] === hour) {
      if (minutes.next[minute] === minute) {
        const second = seconds.next[from % 60] ?? NONE;
        if (second !== NONE) return hour * 3600 + minute * 60 + second;
      }
      const nextMinute = minutes.next[minute + 1] ?? NONE;
      if (nextMinute !== NONE) return hour * 3600 + nextMinute * 60 + firstSecond;
    }
    const nextHour = hours.next[hour + 1] ?? NONE;
    return nextHour === NONE ? undefined : nextHour * 3600 + firstSecondInHour;
  };
}

/**
 * Returns the days of a month on which a pattern occurs: bit 0 is the 1st.
 *
 * @param month from 1
 */
type DaysOfMonth = (year: number, month: number) => number;

const MAX_CACHED = 2000;
const cache = new Map<string, DaysOfMonth>();

/** Days of the month as bits, and whether the last day of the month is included. */
interface MonthDays {
  mask: number;
  isLast: boolean;
}

/** Weekdays as bits (0 is Sunday) for each week of a month from its 1st, and for the last seven days of the month. */
interface Weekdays {
  weeks: readonly number[];
  last: number;
}

/**
 * Compiles the days of a pattern. When both fields are restricted, a match of either one is enough.
 *
 * @returns `undefined` for the patterns that only croner supports: `W`, `LW`, `+MON`, and ranges with `#` or `L`
 */
function cronDays(dayOfMonth: string, dayOfWeek: string): DaysOfMonth | undefined {
  const key = `${dayOfMonth} ${dayOfWeek}`;
  let found = cache.get(key);
  if (found === undefined) {
    const days = parseMonthDays(dayOfMonth);
    const weekdays = parseWeekdays(dayOfWeek);
    if (days === undefined || weekdays === undefined) return undefined;
    if (cache.size >= MAX_CACHED) cache.clear();
    found = compileDays(days, dayOfMonth === '*', weekdays, dayOfWeek === '*');
    cache.set(key, found);
  }
  return found;
}

function compileDays(
  days: MonthDays,
  isEveryDay: boolean,
  weekdays: Weekdays,
  isEveryWeekday: boolean,
): DaysOfMonth {
  return (year, month) => {
    const begin = Date.UTC(year, month - 1, 1);
    const length = (Date.UTC(year, month, 1) - begin) / DAY_MS;
    const whole = 2 ** length - 1;
    const inMonth = (days.mask | (days.isLast ? 1 << (length - 1) : 0)) & whole;
    if (isEveryWeekday) return inMonth;
    const first = (((begin / DAY_MS + 4) % 7) + 7) % 7;
    let inWeek = rotateWeekdays(weekdays.last, (first + length) % 7) << (length - 7);
    for (let week = 0; week < 5; week += 1)
      inWeek |= rotateWeekdays(weekdays.weeks[week] ?? 0, first) << (7 * week);
    return (isEveryDay ? inWeek : inMonth | inWeek) & whole;
  };
}

/** Rotates seven weekday bits (from Sunday) so that the weekday `first` comes first. */
function rotateWeekdays(weekdays: number, first: number): number {
  return ((weekdays >> first) | (weekdays << (7 - first))) & 0x7f;
}

function parseMonthDays(text: string): MonthDays | undefined {
  const items = text.split(',');
  const numbers = items.filter((item) => item.toUpperCase() !== 'L');
  const isLast = numbers.length < items.length;
  if (numbers.length === 0) return { mask: 0, isLast };
  const rest = numbers.join(',');
  const field = isLast && rest === '*' ? undefined : cronField(rest, DAY_OF_MONTH);
  return field && { mask: toMask(field, 1), isLast };
}

function parseWeekdays(text: string): Weekdays | undefined {
  const weeks = [0, 0, 0, 0, 0];
  let last = 0;
  const plain: string[] = [];
  for (const item of text.split(',')) {
    const [, name, nth] = /^(\d|[A-Z]{3})(?:#([1-5])|L)$/i.exec(item) ?? [];
    const day = name === undefined ? undefined : cronValue(name, DAY_OF_WEEK);
    if (day === undefined) plain.push(item);
    else if (nth === undefined) last |= 1 << (day % 7);
    else weeks[Number(nth) - 1] = (weeks[Number(nth) - 1] ?? 0) | (1 << (day % 7));
  }
  if (plain.length === 0) return { weeks, last };
  const field = cronField(plain.join(','), DAY_OF_WEEK);
  const mask = field && toMask(field, 0);
  return mask === undefined ? undefined : { weeks: weeks.map((week) => week | mask), last };
}

function toMask({ values }: CronField, min: number): number {
  return values.reduce((mask, value) => mask | (1 << (value - min)), 0);
}
