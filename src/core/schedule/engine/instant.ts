import { DAY_MS, MINUTE_MS } from '../../lib/clock.ts';
import { zoneSpan } from './zone-offsets.ts';

/** A date and time on a wall clock; `month` and `day` count from 1. */
export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/**
 * Returns the wall clock of a time zone at an instant.
 *
 * @param at a Date or epoch milliseconds
 * @throws RangeError when the zone is unknown (see `parseTimezone`) or `at` is not a valid date
 */
export function wallClock(at: Date | number, timezone: string): WallClock {
  const wall = new Date(wallMs(Number(at), timezone));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
  };
}

/** The wall clock of `timezone` at an instant (epoch ms), read as if it were UTC: epoch ms, whole seconds. */
export function wallMs(at: number, timezone: string): number {
  return Math.floor(at / 1000) * 1000 + zoneOffset(at, timezone);
}

/** Returns how far `timezone` is ahead of UTC at an instant (epoch ms), in milliseconds. */
export function zoneOffset(at: number, timezone: string): number {
  return zoneSpan(at, timezone).offset;
}

/**
 * Formats an instant as RFC 3339 with the zone's offset and milliseconds: `2026-11-25T09:00:00.000+01:00`.
 *
 * @param at a Date or epoch milliseconds
 * @throws RangeError when the zone is unknown or `at` is not a valid date
 */
export function formatInstant(at: Date | number, timezone: string): string {
  const ms = Number(at);
  // RFC 3339 offsets have no seconds. Only local mean times before 1972 need the rounding.
  const minutes = Math.round(zoneOffset(ms, timezone) / MINUTE_MS);
  const local = new Date(ms + minutes * MINUTE_MS).toISOString().slice(0, -1);
  const size = Math.abs(minutes);
  const hh = String(Math.floor(size / 60)).padStart(2, '0');
  const mm = String(size % 60).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${hh}:${mm}`;
}

/** The answer of {@link systemTimezone}, and the variable that it holds for. */
let known: { variable: string | undefined; name: string } | undefined;

/**
 * The IANA name of this machine's time zone; `UTC` when the system reports none. Node reads it at its start and when
 * `TZ` is set, so it is asked only then: it takes 50 µs.
 */
export function systemTimezone(): string {
  const variable = process.env['TZ'];
  if (known === undefined || known.variable !== variable) {
    const name: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const isUnknown = name === undefined || name === '' || name === 'Etc/Unknown';
    known = { variable, name: isUnknown ? 'UTC' : name };
  }
  return known.name;
}

const UTC_NAMES: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC']);

export function isUtc(timezone: string): boolean {
  return UTC_NAMES.has(timezone);
}

/**
 * Returns the first instant at which the clocks of `timezone` show `wall` or later. When clocks repeat `wall`, that is
 * its first pass; when they skip it, the end of the gap (docs/reference/schedules.md).
 *
 * @param wall a wall-clock time read as if it were UTC, epoch ms, whole seconds
 * @returns epoch ms
 */
export function resolveWallTime(wall: number, timezone: string): number {
  if (isUtc(timezone)) return wall;
  const before = zoneOffset(wall - DAY_MS, timezone);
  const after = zoneOffset(wall + DAY_MS, timezone);
  const early = wall - Math.max(before, after);
  if (wallMs(early, timezone) === wall) return early;
  const late = wall - Math.min(before, after);
  if (late === early || wallMs(late, timezone) === wall) return late;
  return endOfGap(wall, early, late, timezone);
}

function endOfGap(wall: number, early: number, late: number, timezone: string): number {
  let low = early;
  let high = late;
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (wallMs(middle, timezone) >= wall) high = middle;
    else low = middle;
  }
  return high;
}

/** Formats the day of a UTC instant, or of a wall-clock time read as UTC: `2026-11-29`. */
export function formatDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
