import { cronDays } from './cron-days.ts';
import { type CronField, cronField, HOUR, MINUTE, MONTH, NONE, SECOND } from './cron-field.ts';

/**
 * Returns the first time strictly after another one at which a pattern occurs. Both are wall-clock times read as if
 * they were UTC, epoch ms; `null` when there is none before the year 3000.
 */
export type NextWallTime = (after: number) => number | null;

const DAY = 86_400_000;
/** croner stops there as well. The calendar repeats after 400 years. */
const LAST_YEAR = 2999;
const MAX_YEARS = 400;

/**
 * Finds the times of a six-field pattern without croner, with the same results. It supports numbers, names, ranges,
 * steps, lists, `L` and `5#2`.
 *
 * @returns `undefined` for any other pattern, valid or not
 */
export function plainPattern(pattern: string): NextWallTime | undefined {
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
      const midnight = Math.floor(from / DAY) * DAY;
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
