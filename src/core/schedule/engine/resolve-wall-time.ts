import { wallMs, zoneOffset } from './instant.ts';

const DAY = 86_400_000;
const UTC_NAMES: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC']);

export function isUtc(timeZone: string): boolean {
  return UTC_NAMES.has(timeZone);
}

/**
 * Returns the first instant at which the clocks of `timeZone` show `wall` or later. When clocks repeat `wall`, that is
 * its first pass; when they skip it, the end of the gap (docs/reference/schedules.md).
 *
 * @param wall a wall-clock time read as if it were UTC, epoch ms, whole seconds
 * @returns epoch ms
 */
export function resolveWallTime(wall: number, timeZone: string): number {
  if (isUtc(timeZone)) return wall;
  const before = zoneOffset(wall - DAY, timeZone);
  const after = zoneOffset(wall + DAY, timeZone);
  const early = wall - Math.max(before, after);
  if (wallMs(early, timeZone) === wall) return early;
  const late = wall - Math.min(before, after);
  if (late === early || wallMs(late, timeZone) === wall) return late;
  return endOfGap(wall, early, late, timeZone);
}

function endOfGap(wall: number, early: number, late: number, timeZone: string): number {
  let low = early;
  let high = late;
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (wallMs(middle, timeZone) >= wall) high = middle;
    else low = middle;
  }
  return high;
}
