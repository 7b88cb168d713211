import type { WallClock } from '../../core/schedule/engine/instant.ts';

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

/** A part of a date or a time in two digits. */
export function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}
