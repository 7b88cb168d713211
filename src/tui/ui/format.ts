import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/lib/clock.ts';
import { type WallClock, wallClock, zoneOffset } from '../../core/schedule/engine/instant.ts';

const SECOND_MS = 1_000;

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

/** `09:05`; with seconds when they are not zero. */
export function timeOfDay(wall: WallClock): string {
  return wall.second === 0 ? hourAndMinute(wall) : `${hourAndMinute(wall)}:${twoDigits(wall.second)}`;
}

/** Formats a part of a date or a time with two digits. */
export function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

/** The widest text of {@link formatClockTime}. */
export const CLOCK_TIME_CELLS = '24 Dec 09:00'.length;

/**
 * Formats an instant (epoch ms) in a list or a sentence, in the given time zone: `09:00` today, `24 Dec 09:00` on another
 * day, `24 Dec 2027` in another year. Where one instant is the subject, {@link formatDateTime} says all of it.
 */
export function formatClockTime(at: number, now: number, timezone: string): string {
  const [wall, today] = [wallClock(at, timezone), wallClock(now, timezone)];
  return isSameDay(wall, today) ? hourAndMinute(wall) : formatDayTime(wall, today);
}

/** How instants of a period are written, all in the same way: as {@link formatClockTime}, with the date when its ends are on two days. */
export function timeFormat(
  from: number,
  until: number,
  now: number,
  timezone: string,
): (at: number) => string {
  const [first, last] = [wallClock(from, timezone), wallClock(until, timezone)];
  if (isSameDay(first, last)) return (at) => formatClockTime(at, now, timezone);
  const today = wallClock(now, timezone);
  return first.year === today.year && last.year === today.year
    ? (at) => formatDayTime(wallClock(at, timezone), today)
    : (at) => formatDay(wallClock(at, timezone));
}

/** `24 Dec`; with the year when it is another one. */
export function formatDate(at: number, now: number, timezone: string): string {
  const wall = wallClock(at, timezone);
  return wall.year === wallClock(now, timezone).year ? `${wall.day} ${monthOf(wall)}` : formatDay(wall);
}

function isSameDay(one: WallClock, other: WallClock): boolean {
  return one.year === other.year && one.month === other.month && one.day === other.day;
}

function formatDayTime(wall: WallClock, { year }: WallClock): string {
  return wall.year === year ? `${wall.day} ${monthOf(wall)} ${hourAndMinute(wall)}` : formatDay(wall);
}

function formatDay(wall: WallClock): string {
  return `${wall.day} ${monthOf(wall)} ${wall.year}`;
}

/** `Thu 26 Nov 09:00`; with the year when it is another one, with seconds when they are not zero. */
export function formatDateTime(at: number, now: number, timezone: string): string {
  const wall = wallClock(at, timezone);
  const { year, day } = wall;
  const thisYear = wallClock(now, timezone).year === year;
  return `${weekdayOf(wall)} ${day} ${monthOf(wall)}${thisYear ? '' : ` ${year}`} ${timeOfDay(wall)}`;
}

/** `+01:00` */
export function formatOffset(at: number, timezone: string): string {
  const minutes = Math.round(zoneOffset(at, timezone) / MINUTE_MS);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)/g;

/** Replaces the RFC 3339 instants in a sentence, given in epoch ms, by what `format` makes of them. */
export function replaceInstants(text: string, format: (at: number) => string): string {
  return text.replaceAll(INSTANT, (instant) => format(Date.parse(instant)));
}

/**
 * Replaces the RFC 3339 instants in a sentence by readable ones in `zone`. The first one names the zone if its clocks
 * differ from those of `here`.
 */
export function localizeInstants(
  text: string,
  { now, zone, here }: { now: number; zone: string; here: string },
): string {
  let isNamed = false;
  return replaceInstants(text, (at) => {
    const formatted = formatDateTime(at, now, zone);
    if (isNamed || zoneOffset(at, zone) === zoneOffset(at, here)) return formatted;
    isNamed = true;
    return `${formatted} (${zone})`;
  });
}

/** Up to this duration, seconds are shown. */
const SECONDS_WITHIN = 10 * MINUTE_MS;

/** `12s`, `2m 05s`, `59m`, `2h 05m`, `3d 4h`, `210d`: at most seven cells. */
export function formatShortDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE_MS) return `${Math.floor(whole / SECOND_MS)}s`;
  if (whole < SECONDS_WITHIN) return formatPair(whole, MINUTE_MS, 'm', SECOND_MS, 's', 2);
  if (whole < HOUR_MS) return `${Math.floor(whole / MINUTE_MS)}m`;
  if (whole < DAY_MS) return formatPair(whole, HOUR_MS, 'h', MINUTE_MS, 'm', 2);
  return whole < 100 * DAY_MS
    ? formatPair(whole, DAY_MS, 'd', HOUR_MS, 'h', 1)
    : `${Math.floor(whole / DAY_MS)}d`;
}

/** Formats a run's duration: `240ms`, `4.2s`, then as {@link formatShortDuration}. */
export function formatRunDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)}ms`;
  return ms < 10 * SECOND_MS ? `${(Math.floor(ms / 100) / 10).toFixed(1)}s` : formatShortDuration(ms);
}

/** Formats a run's duration with more digits than {@link formatRunDuration}, in seconds: `4.21s`, `75.204s`. */
export function formatExactDuration(ms: number, digits: number): string {
  return `${(ms / SECOND_MS).toFixed(digits)}s`;
}

/** Formats the time until an instant: `in 2m 05s`, then `now`, then `due 12s ago`. */
export function formatCountdown(at: number, now: number): string {
  // Rounded up: an instant half a second ahead is not due yet.
  const left = Math.ceil((at - now) / SECOND_MS) * SECOND_MS;
  if (left > 0) return `in ${formatShortDuration(left)}`;
  return left === 0 ? 'now' : `due ${formatShortDuration(-left)} ago`;
}

/** `12s ago`; `now` within the same second. */
export function formatTimeAgo(at: number, now: number): string {
  return now - at < SECOND_MS ? 'now' : `${formatShortDuration(now - at)} ago`;
}

function formatPair(
  ms: number,
  large: number,
  unit: string,
  small: number,
  smallUnit: string,
  digits: number,
): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)}${unit} ${String(rest).padStart(digits, '0')}${smallUnit}`;
}

/** From this many items on, a change is given in percent. */
const PERCENT_FROM = 1000;

/** Formats how many items more or fewer there are than before: `+12`, `-5`, `=`; `-40%` from a thousand items on. */
export function formatItemChange(change: number, before: number): string {
  if (change === 0) return '=';
  if (before < PERCENT_FROM) return formatSigned(change);
  const percent = Math.round((change / before) * 100);
  // Less than half a percent is still a change.
  return percent === 0 ? formatSigned(change) : `${formatSigned(percent)}%`;
}

/** `950`, `1,200`, `12k`, `3.4M`: a count in at most five cells. */
export function formatShortCount(count: number): string {
  if (Math.abs(count) < 10_000) return count.toLocaleString('en-US');
  const [size, unit] = Math.abs(count) < 999_500 ? [1_000, 'k'] : [1_000_000, 'M'];
  const value = count / size;
  return `${Math.abs(value) < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}${unit}`;
}

function formatSigned(change: number): string {
  return change > 0 ? `+${formatShortCount(change)}` : formatShortCount(change);
}
