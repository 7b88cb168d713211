const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Reads a date as rows hold it: `2026-11-25`, also with a time (`2026-11-25T08:00:00+01:00`). A time without an offset
 * counts as UTC.
 * @returns epoch milliseconds, of the day's beginning where there is no time; undefined if it is no such date
 */
export function readInstant(text: string): number | undefined {
  const [, day = '', zone] = ISO.exec(text) ?? [];
  if (day === '' || !isDay(day)) return undefined;
  const instant = Date.parse(
    text.length > day.length ? `${text.replace(' ', 'T')}${zone === undefined ? 'Z' : ''}` : day,
  );
  return Number.isNaN(instant) ? undefined : instant;
}

/** `Date.parse` takes the 30th of February for the second of March. */
function isDay(day: string): boolean {
  const start = Date.parse(day);
  return !Number.isNaN(start) && new Date(start).toISOString().startsWith(day);
}
