/** The date and time that a clock on the wall shows; `month` and `day` count from 1. */
export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const MINUTE = 60_000;

// Making one formatter takes 50 times as long as using it.
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * The wall clock of a time zone at an instant.
 *
 * @param at a Date or epoch milliseconds
 * @throws RangeError when the zone is unknown (see `parseTimeZone`) or `at` is no valid date
 */
export function wallClock(at: Date | number, timeZone: string): WallClock {
  // 'en-US' with these options is always "MM/DD/YYYY, HH:MM:SS", much cheaper than formatToParts.
  const text = formatterOf(timeZone).format(at);
  const comma = text.indexOf(',');
  return {
    year: Number(text.slice(6, comma)),
    month: Number(text.slice(0, 2)),
    day: Number(text.slice(3, 5)),
    hour: Number(text.slice(comma + 2, comma + 4)),
    minute: Number(text.slice(comma + 5, comma + 7)),
    second: Number(text.slice(comma + 8, comma + 10)),
  };
}

/** The wall clock of `timeZone` at an instant (epoch ms), read as if it were UTC: epoch ms, whole seconds. */
export function wallMs(at: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(at, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** How far `timeZone` is ahead of UTC at an instant (epoch ms), in milliseconds. */
export function zoneOffset(at: number, timeZone: string): number {
  const wholeSeconds = Math.floor(at / 1000) * 1000;
  return wallMs(wholeSeconds, timeZone) - wholeSeconds;
}

/**
 * An instant in RFC 3339 with the zone's offset and milliseconds: `2026-11-25T09:00:00.000+01:00`.
 *
 * @param at a Date or epoch milliseconds
 * @throws RangeError when the zone is unknown or `at` is no valid date
 */
export function formatInstant(at: Date | number, timeZone: string): string {
  const ms = Number(at);
  // RFC 3339 offsets have no seconds; only local mean times before 1972 need the rounding.
  const minutes = Math.round(offsetOf(ms, timeZone) / MINUTE);
  const local = new Date(ms + minutes * MINUTE).toISOString().slice(0, -1);
  const size = Math.abs(minutes);
  const hh = String(Math.floor(size / 60)).padStart(2, '0');
  const mm = String(size % 60).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${hh}:${mm}`;
}

/** Since then every clock change of every zone has fallen on a whole minute of UTC (Monrovia was the last, in 1972). */
const WHOLE_MINUTES_SINCE = Date.UTC(1973, 0, 1);
const MOST_OFFSETS = 10_000;
const offsets = new Map<string, number>();

/** {@link zoneOffset}, remembered by the minute: answers show the same instants again and again. */
function offsetOf(ms: number, timeZone: string): number {
  if (!(ms >= WHOLE_MINUTES_SINCE)) return zoneOffset(ms, timeZone);
  const key = `${timeZone} ${Math.floor(ms / MINUTE)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offset = zoneOffset(ms, timeZone);
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** The IANA name of this machine's time zone, `UTC` when the system does not tell. */
export function systemTimeZone(): string {
  const name: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name === undefined || name === '' || name === 'Etc/Unknown' ? 'UTC' : name;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
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
