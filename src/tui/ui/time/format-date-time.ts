import type { WallClock } from '../../../core/schedule/engine/instant.ts';
import { wallClock, zoneOffset } from '../../../core/schedule/engine/instant.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Thu` */
export function weekdayOf({ year, month, day }: Pick<WallClock, 'year' | 'month' | 'day'>): string {
  return WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
}

/** `Nov` */
export function monthOf({ month }: Pick<WallClock, 'month'>): string {
  return MONTHS[month - 1] ?? '';
}

/** `09:05` */
export function hourAndMinute({ hour, minute }: Pick<WallClock, 'hour' | 'minute'>): string {
  return `${twoDigits(hour)}:${twoDigits(minute)}`;
}

/** Formats a part of a date or a time with two digits. */
export function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

const DAY = 86_400_000;
const HALF_A_DAY = DAY / 2;

/**
 * Formats an instant (epoch ms) relative to today: `09:00`, `Thu 09:00` within six days, then `24 Dec`, `24 Dec 27`; in
 * the given time zone.
 */
export function formatClockTime(at: number, now: number, timeZone: string): string {
  const [wall, today] = [wallClock(at, timeZone), wallClock(now, timeZone)];
  const isThisYear = wall.year === today.year;
  if (isThisYear && wall.month === today.month && wall.day === today.day) return hourAndMinute(wall);
  if (Math.abs(at - now) < 6 * DAY) return `${weekdayOf(wall)} ${hourAndMinute(wall)}`;
  return `${wall.day} ${monthOf(wall)}${isThisYear ? '' : ` ${twoDigits(wall.year % 100)}`}`;
}

/** Formats a past instant: within half a day to the second, `14:03:09`, and otherwise as {@link formatClockTime}. */
export function formatTimestamp(at: number, now: number, timeZone: string): string {
  if (now - at >= HALF_A_DAY) return formatClockTime(at, now, timeZone);
  const wall = wallClock(at, timeZone);
  return `${hourAndMinute(wall)}:${twoDigits(wall.second)}`;
}

/** `Thu 26 Nov 09:00`; with the year when it is another one, with seconds when they are not zero. */
export function formatDateTime(at: number, now: number, timezone: string): string {
  const wall = wallClock(at, timezone);
  const { year, day, second } = wall;
  const date = `${weekdayOf(wall)} ${String(day).padStart(2)} ${monthOf(wall)}`;
  const thisYear = wallClock(now, timezone).year === year;
  const seconds = second === 0 ? '' : `:${twoDigits(second)}`;
  return `${date}${thisYear ? '' : ` ${year}`} ${hourAndMinute(wall)}${seconds}`;
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)/g;

/**
 * Replaces the RFC 3339 instants in a sentence by readable ones in `zone`. The first one names the zone if its clocks
 * differ from those of `here`.
 */
export function localizeInstants(
  text: string,
  { now, zone, here }: { now: number; zone: string; here: string },
): string {
  let isNamed = false;
  return text.replaceAll(INSTANT, (instant) => {
    const at = Date.parse(instant);
    const formatted = formatDateTime(at, now, zone).replace(/ {2,}/g, ' ');
    if (isNamed || zoneOffset(at, zone) === zoneOffset(at, here)) return formatted;
    isNamed = true;
    return `${formatted} (${zone})`;
  });
}
