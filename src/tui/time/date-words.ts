import { wallClock } from '../../core/schedule/instant.ts';
import { hourAndMinute, monthOf, two, weekdayOf } from './calendar.ts';

/** `Thu 26 Nov 09:00`; with the year when it is another one, with seconds when there are any. */
export function dateWords(at: number, now: number, timezone: string): string {
  const wall = wallClock(at, timezone);
  const { year, day, second } = wall;
  const date = `${weekdayOf(wall)} ${String(day).padStart(2)} ${monthOf(wall)}`;
  const thisYear = wallClock(now, timezone).year === year;
  const seconds = second === 0 ? '' : `:${two(second)}`;
  return `${date}${thisYear ? '' : ` ${year}`} ${hourAndMinute(wall)}${seconds}`;
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)/g;

/** A sentence with its RFC 3339 instants as people say them, by the clocks of a zone. */
export function withDateWords(text: string, now: number, timezone: string): string {
  return text.replaceAll(INSTANT, (instant) =>
    dateWords(Date.parse(instant), now, timezone).replace(/ {2,}/g, ' '),
  );
}
