import { wallClock } from '../../core/schedule/engine/instant.ts';
import { hourAndMinute, monthOf, twoDigits, weekdayOf } from './calendar.ts';

const DAY = 86_400_000;
const HALF_A_DAY = DAY / 2;

/**
 * An instant (epoch ms) as a person would say it today: `09:00`, `Thu 09:00` within a week, then `24 Dec`, `24 Dec 27`; by
 * the clocks of a zone.
 */
export function formatClockTime(at: number, now: number, timeZone: string): string {
  const [wall, today] = [wallClock(at, timeZone), wallClock(now, timeZone)];
  const isThisYear = wall.year === today.year;
  if (isThisYear && wall.month === today.month && wall.day === today.day) return hourAndMinute(wall);
  if (Math.abs(at - now) < 6 * DAY) return `${weekdayOf(wall)} ${hourAndMinute(wall)}`;
  return `${wall.day} ${monthOf(wall)}${isThisYear ? '' : ` ${twoDigits(wall.year % 100)}`}`;
}

/** When something was: the time of day to the second, `14:03:09`, and the day with it when that is long ago. */
export function formatTimestamp(at: number, now: number, timeZone: string): string {
  if (now - at >= HALF_A_DAY) return formatClockTime(at, now, timeZone);
  const wall = wallClock(at, timeZone);
  return `${hourAndMinute(wall)}:${twoDigits(wall.second)}`;
}
