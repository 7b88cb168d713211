// Creating a formatter takes 50 times as long as using it.
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Returns how far `timeZone` is ahead of UTC at an instant (epoch ms), in milliseconds, with Intl. A call takes 2 µs,
 * so only the search for clock changes uses it (zone-span.ts).
 *
 * @throws RangeError when the zone is unknown (see `parseTimeZone`) or `at` is not a valid date
 */
export function intlOffset(at: number, timeZone: string): number {
  const wholeSeconds = Math.floor(at / 1000) * 1000;
  // With these options, 'en-US' always gives "MM/DD/YYYY, HH:MM:SS". That is much cheaper than formatToParts.
  const text = getFormatter(timeZone).format(wholeSeconds);
  const comma = text.indexOf(',');
  const wall = Date.UTC(
    Number(text.slice(6, comma)),
    Number(text.slice(0, 2)) - 1,
    Number(text.slice(3, 5)),
    Number(text.slice(comma + 2, comma + 4)),
    Number(text.slice(comma + 5, comma + 7)),
    Number(text.slice(comma + 8, comma + 10)),
  );
  return wall - wholeSeconds;
}

function getFormatter(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}
