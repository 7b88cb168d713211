import { wallClock } from '../../core/schedule/instant.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `Thu 26 Nov 09:00`; with the year when it is another one, with seconds when there are any. */
export function dateWords(at: number, now: number, timezone: string): string {
  const { year, month, day, hour, minute, second } = wallClock(at, timezone);
  const weekday = DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  const date = `${weekday} ${String(day).padStart(2)} ${MONTHS[month - 1]}`;
  const thisYear = wallClock(now, timezone).year === year;
  const seconds = second === 0 ? '' : `:${two(second)}`;
  return `${date}${thisYear ? '' : ` ${year}`} ${two(hour)}:${two(minute)}${seconds}`;
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)/g;

/** A sentence with its RFC 3339 instants as people say them, by the clocks of a zone. */
export function withDateWords(text: string, now: number, timezone: string): string {
  return text.replaceAll(INSTANT, (instant) =>
    dateWords(Date.parse(instant), now, timezone).replace(/ {2,}/g, ' '),
  );
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
