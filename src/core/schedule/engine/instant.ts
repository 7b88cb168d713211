import { zoneSpan } from './zone-span.ts';

/** A date and time on a wall clock; `month` and `day` count from 1. */
export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const MINUTE = 60_000;

/**
 * Returns the wall clock of a time zone at an instant.
 *
 * @param at a Date or epoch milliseconds
 * @throws RangeError when the zone is unknown (see `parseTimeZone`) or `at` is not a valid date
 */
export function wallClock(at: Date | number, timeZone: string): WallClock {
  const wall = new Date(wallMs(Number(at), timeZone));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
  };
}

/** The wall clock of `timeZone` at an instant (epoch ms), read as if it were UTC: epoch ms, whole seconds. */
export function wallMs(at: number, timeZone: string): number {
  return Math.floor(at / 1000) * 1000 + zoneOffset(at, timeZone);
}

/** Returns how far `timeZone` is ahead of UTC at an instant (epoch ms), in milliseconds. */
export function zoneOffset(at: number, timeZone: string): number {
  return zoneSpan(at, timeZone).offset;
}

/**
 * Formats an instant as RFC 3339 with the zone's offset and milliseconds: `2026-11-25T09:00:00.000+01:00`.
 *
 * @param at a Date or epoch milliseconds
 * @throws RangeError when the zone is unknown or `at` is not a valid date
 */
export function formatInstant(at: Date | number, timeZone: string): string {
  const ms = Number(at);
  // RFC 3339 offsets have no seconds. Only local mean times before 1972 need the rounding.
  const minutes = Math.round(zoneOffset(ms, timeZone) / MINUTE);
  const local = new Date(ms + minutes * MINUTE).toISOString().slice(0, -1);
  const size = Math.abs(minutes);
  const hh = String(Math.floor(size / 60)).padStart(2, '0');
  const mm = String(size % 60).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${hh}:${mm}`;
}

/** The IANA name of this machine's time zone; `UTC` when the system reports none. */
export function systemTimeZone(): string {
  const name: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name === undefined || name === '' || name === 'Etc/Unknown' ? 'UTC' : name;
}
