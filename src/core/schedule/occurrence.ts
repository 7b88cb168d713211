import { firstInstant, isUtc } from './first-instant.ts';
import { wallMs, zoneOffset } from './instant.ts';
import { calendarPattern, type Recurrence, recurrenceOf, zonePattern } from './pattern.ts';
import type { ScheduleDict } from './rule.ts';

const DAY = 86_400_000;
// Before 1900 there were hardly any time zones, and croner searches to the year 3000.
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2999, 11, 31);

/** Yields the first occurrence strictly after an instant, both in epoch ms; `null` when there is none. */
export type NextOccurrence = (from: number) => number | null;

/** How to find the occurrences of a checked rule. Cheap to make, holds nothing but strings and numbers. */
export function occurrencesOf(rule: ScheduleDict): NextOccurrence {
  const recurrence = recurrenceOf(rule);
  if (recurrence === undefined) {
    const only = firstInstant(onceWall(rule), rule.timezone);
    return (from) => (only > from ? only : null);
  }
  const next = recurrence.fixed || isUtc(rule.timezone) ? nextFixed : nextElapsed;
  return (from) => (from > LATEST ? null : next(recurrence, rule.timezone, Math.max(from, EARLIEST)));
}

/**
 * The next time that the calendar has for `rule`, whether or not clocks in its zone show it.
 *
 * @param after a wall-clock time read as if it were UTC, epoch ms; the result is strictly later
 */
export function nextWall(rule: ScheduleDict, after: number): number | null {
  const recurrence = recurrenceOf(rule);
  if (recurrence !== undefined) return earliestWall(recurrence, after);
  const only = onceWall(rule);
  return only > after ? only : null;
}

/** Fixed times: the calendar's next time, then the first instant at which clocks show it. */
function nextFixed(recurrence: Recurrence, timeZone: string, from: number): number | null {
  let wall = earliestWall(recurrence, wallMs(from, timeZone));
  while (wall !== null) {
    const at = firstInstant(wall, timeZone);
    if (at > from) return at;
    // `from` lies in the second pass of an hour that comes twice: this time has run in the first.
    wall = earliestWall(recurrence, wall);
  }
  return null;
}

/** Times that follow elapsed time: plain calendar arithmetic unless the clocks change on the way. */
function nextElapsed(recurrence: Recurrence, timeZone: string, from: number): number | null {
  const offset = zoneOffset(from, timeZone);
  const wall = earliestWall(recurrence, Math.floor((from + offset) / 1000) * 1000);
  if (wall === null) return null;
  const at = wall - offset;
  // No zone changes its clocks twice in a day, so equal offsets at both ends mean no change between.
  if (at - from <= DAY && zoneOffset(at, timeZone) === offset) return at;
  return earliest(recurrence.patterns, (pattern) => zonePattern(pattern, timeZone).nextRun(new Date(from)));
}

function earliestWall(recurrence: Recurrence, after: number): number | null {
  return earliest(recurrence.patterns, (pattern) => calendarPattern(pattern).nextRun(new Date(after)));
}

function earliest(patterns: readonly string[], next: (pattern: string) => Date | null): number | null {
  let found: number | null = null;
  for (const pattern of patterns) {
    const at = next(pattern)?.getTime();
    if (at !== undefined && (found === null || at < found)) found = at;
  }
  return found;
}

function onceWall(rule: ScheduleDict): number {
  return rule.type === 'once' ? Date.parse(`${rule.date}T${rule.time}:00Z`) : Number.NaN;
}
