import { clockWords } from '../../jobs/clock-words.ts';

const HALF_A_DAY = 12 * 3_600_000;

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** `14:03:09`: an instant's time of day in a zone. */
function timeOfDay(instant: number, timeZone: string): string {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
    FORMATS.set(timeZone, format);
  }
  return format.format(instant);
}

/** When something was: the time of day to the second, and the day with it when that is long ago. */
export function whenWords(instant: number, now: number, timeZone: string): string {
  return now - instant < HALF_A_DAY ? timeOfDay(instant, timeZone) : clockWords(instant, now, timeZone);
}
