import type { ScheduleDict } from '../rule.ts';
import { wallMs } from './instant.ts';
import { type Recurrence, toRecurrence } from './pattern.ts';
import type { NextWallTime } from './plain-pattern.ts';
import { isUtc, resolveWallTime } from './resolve-wall-time.ts';
import { zoneSpan } from './zone-span.ts';

const DAY = 86_400_000;
// Before 1900 there were hardly any time zones. croner searches to the year 3000, which comes a day later in some
// zones.
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(3000, 0, 2);

/** Returns the first occurrence strictly after an instant, both in epoch ms; `null` when there is none. */
export type NextOccurrence = (from: number) => number | null;

/** Compiles a checked rule into a function that finds its occurrences. The result is cheap to create, and small. */
export function compileRule(rule: ScheduleDict): NextOccurrence {
  const recurrence = toRecurrence(rule);
  if (recurrence === undefined) {
    const only = resolveWallTime(onceWallTime(rule), rule.timezone);
    return (from) => (only > from ? only : null);
  }
  const nextWallAfter = earliestPattern(recurrence);
  const next = isUtc(rule.timezone) ? nextInUtc : recurrence.fixed ? nextFixedTime : nextByElapsedTime;
  return (from) => (from > LATEST ? null : next(nextWallAfter, rule.timezone, Math.max(from, EARLIEST)));
}

/**
 * Returns the next calendar time of `rule`, even if clocks in its zone skip that time.
 *
 * @param after a wall-clock time read as if it were UTC, epoch ms; the result is strictly later
 */
export function nextWallTime(rule: ScheduleDict, after: number): number | null {
  const recurrence = toRecurrence(rule);
  if (recurrence !== undefined) return earliestPattern(recurrence)(after);
  const only = onceWallTime(rule);
  return only > after ? only : null;
}

/** In UTC, calendar times are the occurrences, because clocks never change. */
function nextInUtc(nextWallAfter: NextWallTime, _timeZone: string, from: number): number | null {
  return nextWallAfter(from);
}

/** For fixed times: takes the next calendar time, then the first instant at which clocks show it. */
function nextFixedTime(nextWallAfter: NextWallTime, timeZone: string, from: number): number | null {
  let wall = nextWallAfter(wallMs(from, timeZone));
  while (wall !== null) {
    const at = resolveWallTime(wall, timeZone);
    if (at > from) return at;
    // `from` lies in the second pass of a repeated hour: this time already ran in the first pass.
    wall = nextWallAfter(wall);
  }
  return null;
}

/** For times that follow elapsed time: applies plain calendar arithmetic between two clock changes. */
function nextByElapsedTime(nextWallAfter: NextWallTime, timeZone: string, from: number): number | null {
  for (let after = from; ; ) {
    const { end, offset } = zoneSpan(after + 1, timeZone);
    const wall = nextWallAfter(after + offset);
    if (wall === null) return null;
    const at = wall - offset;
    if (at < end) return at;
    // If clocks go back soon, they repeat the times from here on. Otherwise nothing comes before `wall`, which clocks
    // show less than two days from `at`, whatever changes occur between.
    after = end - after < 2 * DAY ? end - 1 : Math.max(end - 1, at - 2 * DAY);
  }
}

function earliestPattern({ patterns }: Recurrence): NextWallTime {
  const [first, ...others] = patterns.map(({ next }) => next);
  if (first === undefined || others.length === 0) return first ?? (() => null);
  return (after) => others.reduce((found, next) => earlier(found, next(after)), first(after));
}

function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

function onceWallTime(rule: ScheduleDict): number {
  return rule.type === 'once' ? Date.parse(`${rule.date}T${rule.time}:00Z`) : Number.NaN;
}
