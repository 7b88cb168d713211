const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
/** The length of a day without a time. */
export const DAY_CHARACTERS = '2026-11-25'.length;

/**
 * Reads a date as rows hold it: `2026-11-25`, also with a time (`2026-11-25T08:00:00+01:00`). A time without an offset
 * counts as UTC.
 * @returns epoch milliseconds, of the day's beginning where there is no time; undefined if it is no such date
 */
export function readInstant(text: string): number | undefined {
  const found = ISO.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, zone] = found;
  // Not `Date.parse`, which takes the 30th of February for the second of March.
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isDay = new Date(midnight).getUTCDate() === Number(day) && Number(month) <= 12 && Number(month) > 0;
  if (!isDay || text.length === DAY_CHARACTERS) return isDay ? midnight : undefined;
  const instant = Date.parse(`${text.replace(' ', 'T')}${zone === undefined ? 'Z' : ''}`);
  return Number.isNaN(instant) ? undefined : instant;
}
