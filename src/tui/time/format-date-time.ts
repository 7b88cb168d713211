import { wallClock, zoneOffset } from '../../core/schedule/engine/instant.ts';
import { hourAndMinute, monthOf, twoDigits, weekdayOf } from './calendar.ts';

/** `Thu 26 Nov 09:00`; with the year when it is another one, with seconds when there are any. */
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
 * A sentence with its RFC 3339 instants as people say them, by the clocks of `zone`, which the first one names where the
 * clocks of `here` show something else.
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
