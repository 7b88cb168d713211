import { Cron } from 'croner';
import { LRUCache } from 'lru-cache';
import { DAY_MS } from '../../lib/clock.ts';
import { once } from '../../lib/once.ts';
import type { ScheduleDict } from '../rule.ts';
import { compileBuiltInCron, type NextWallTime } from './built-in-cron.ts';
import { parseCron } from './cron-expression.ts';
import { isUtc, resolveWallTime, wallMs } from './instant.ts';
import { zoneSpan } from './zone-offsets.ts';

// Before 1900 there were hardly any time zones. croner searches to the year 3000, which comes a day later in some
// zones.
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(3000, 0, 2);

/** Returns the first occurrence strictly after an instant, both in epoch ms; `null` when there is none. */
export type NextOccurrence = (from: number) => number | null;

/**
 * Compiles a checked rule into a function that finds its occurrences (docs/contributing/adr/0006). The result is cheap
 * to create, and small.
 */
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
function nextFixedTime(nextWallAfter: NextWallTime, timezone: string, from: number): number | null {
  let wall = nextWallAfter(wallMs(from, timezone));
  while (wall !== null) {
    const at = resolveWallTime(wall, timezone);
    if (at > from) return at;
    // `from` lies in the second pass of a repeated hour: this time already ran in the first pass.
    wall = nextWallAfter(wall);
  }
  return null;
}

/** For times that follow elapsed time: applies plain calendar arithmetic between two clock changes. */
function nextByElapsedTime(nextWallAfter: NextWallTime, timezone: string, from: number): number | null {
  for (let after = from; ; ) {
    const { end, offset } = zoneSpan(after + 1, timezone);
    const wall = nextWallAfter(after + offset);
    if (wall === null) return null;
    const at = wall - offset;
    if (at < end) return at;
    // If clocks go back soon, they repeat the times from here on. Otherwise nothing comes before `wall`, which clocks
    // show less than two days from `at`, whatever changes occur between.
    after = end - after < 2 * DAY_MS ? end - 1 : Math.max(end - 1, at - 2 * DAY_MS);
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

/** How a schedule recurs in its zone. */
interface Recurrence {
  /** The schedule occurs when any of them occurs. */
  patterns: readonly CalendarPattern[];
  /**
   * Whether the schedule names fixed wall-clock times (no `*` or `/` in second, minute and hour). A clock change shifts
   * fixed times, but neither drops nor repeats them. Other schedules follow elapsed time.
   */
  fixed: boolean;
}

/** A six-field pattern, and the function that finds its times. */
export interface CalendarPattern {
  text: string;
  next: NextWallTime;
}

// A croner object takes 83 KB (croner lists 10,000 years), so the cache is small and jobs hold no reference to one.
const cronCache = once(() => new LRUCache<string, Cron>({ max: 64 }));

/** Returns how `rule` recurs; `undefined` for a single occurrence. */
export function toRecurrence(rule: ScheduleDict): Recurrence | undefined {
  switch (rule.type) {
    case 'once':
      return undefined;
    case 'hourly':
      return { patterns: [calendarPattern(`0 ${rule.minute} * * * *`)], fixed: false };
    case 'daily':
      return { patterns: [calendarPattern(`${cronTime(rule.time)} * * *`)], fixed: true };
    case 'weekly':
      // In `day_of_week` Monday is 0; in cron Sunday is 0.
      return {
        patterns: [calendarPattern(`${cronTime(rule.time)} * * ${(rule.day_of_week + 1) % 7}`)],
        fixed: true,
      };
    case 'monthly':
      return {
        patterns: monthlyPatterns(cronTime(rule.time), rule.day_of_month).map((text) =>
          calendarPattern(text),
        ),
        fixed: true,
      };
    case 'custom': {
      const { pattern, builtIn, fields } = parseCron(rule.cron_expression);
      const fixed = !/[*/]/.test(fields.second + fields.minute + fields.hour);
      return { patterns: [calendarPattern(pattern, builtIn)], fixed };
    }
  }
}

/**
 * Compiles a pattern: this program's engine computes most of them, croner the others.
 * @param builtIn the result of {@link compileBuiltInCron}, if the caller has it
 */
export function calendarPattern(text: string, builtIn = compileBuiltInCron(text)): CalendarPattern {
  // The closure holds the text and not the croner object, which is large (see `cronCache`).
  return { text, next: builtIn ?? ((after) => getCroner(text).nextRun(new Date(after))?.getTime() ?? null) };
}

/** Compiles the pattern without a zone: croner then reads and returns wall-clock times as if they were UTC. */
function getCroner(pattern: string): Cron {
  let cron = cronCache().get(pattern);
  if (cron === undefined) {
    // Without a function croner never starts a timer; `paused` makes this explicit.
    cron = new Cron(pattern, { utcOffset: 0, paused: true, mode: '6-part' });
    cronCache().set(pattern, cron);
  }
  return cron;
}

function cronTime(time: string): string {
  return `0 ${Number(time.slice(3))} ${Number(time.slice(0, 2))}`;
}

/** Day 29 to 31 means the last day of a shorter month. Plain cron skips such a month. */
function monthlyPatterns(at: string, day: number): string[] {
  if (day <= 28) return [`${at} ${day} * *`];
  if (day === 31) return [`${at} L * *`];
  return [`${at} ${day} * *`, `${at} L 2 *`];
}
