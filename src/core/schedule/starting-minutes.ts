import { LRUCache } from 'lru-cache';
import { DAY_MS, MINUTE_MS } from '../lib/clock.ts';
import { once } from '../lib/once.ts';
import { resolveWallTime, zoneOffset } from './engine/instant.ts';
import { type CalendarPattern, calendarPattern, toRecurrence } from './engine/occurrence.ts';
import { findOffsetTransitions, type OffsetTransition } from './engine/zone-offsets.ts';
import type { ScheduleDict } from './rule.ts';

/**
 * Called for each minute that has occurrences, in order.
 * @param minute the instant at which the minute begins in the zone, epoch ms
 * @param seconds the seconds of the minute that are occurrences, at least one
 */
export type MinuteVisitor = (minute: number, seconds: readonly number[]) => void;

/** A period in which a zone's offset is constant, with the change that began it. */
interface OffsetPeriod {
  start: number;
  end: number;
  offset: number;
  change: OffsetTransition | undefined;
}

/**
 * Visits the minutes with occurrences in `(from, until]` (epoch ms). The result is the same as finding the occurrences
 * one by one. It uses plain arithmetic on days, hours, minutes and seconds for speed. A schedule that is due every
 * second has two and a half million occurrences a month.
 */
export function forEachStartingMinute(
  rule: ScheduleDict,
  from: number,
  until: number,
  visit: MinuteVisitor,
): void {
  const recurrence = toRecurrence(rule);
  if (recurrence === undefined) {
    visitSingleOccurrence(rule, from, until, visit);
    return;
  }
  const times = toTimes(recurrence.patterns);
  for (const period of splitByOffset(rule.timezone, from - DAY_MS, until)) {
    const { start, end, offset, change } = period;
    // A fixed time in a repeated hour ran in the first pass. A fixed time in a gap runs when the gap ends.
    const repeated = recurrence.fixed && change ? change.at + Math.max(change.before, change.after) : 0;
    if (recurrence.fixed && change && change.after > change.before) {
      const missing = { start: change.at + change.before, end: change.at + change.after };
      const shifted = change.at > from && change.at <= until && hasAny(times, missing);
      const regular = hasAny(times, { start: missing.end, end: missing.end + 1000 });
      if (shifted && !regular) visit(change.at, [0]);
    }
    const low = Math.max(start + offset, from + 1 + offset, repeated);
    const high = Math.min(end + offset, until + 1 + offset);
    forEachWallMinute(times, low, high, (wall, seconds) => visit(wall - offset, seconds));
  }
}

function visitSingleOccurrence(rule: ScheduleDict, from: number, until: number, visit: MinuteVisitor): void {
  if (rule.type !== 'once') return;
  const at = resolveWallTime(Date.parse(`${rule.date}T${rule.time}:00Z`), rule.timezone);
  if (at > from && at <= until) visit(at, [0]);
}

function splitByOffset(timezone: string, from: number, until: number): OffsetPeriod[] {
  const changes = findOffsetTransitions(from, until, timezone, zoneOffset);
  const edges: { start: number; offset: number; change: OffsetTransition | undefined }[] = [
    { start: from, offset: zoneOffset(from, timezone), change: undefined },
    ...changes.map((change) => ({ start: change.at, offset: change.after, change })),
  ];
  return edges.map((edge, index) => ({ ...edge, end: edges[index + 1]?.start ?? until + 1 }));
}

/** The times of day of a schedule, and its days as separate patterns. */
interface Times {
  seconds: readonly number[];
  minutes: readonly number[];
  hours: readonly number[];
  days: readonly string[];
}

function toTimes(patterns: readonly CalendarPattern[]): Times {
  // The patterns of one schedule differ only in their days.
  const [second = '', minute = '', hour = ''] = (patterns[0]?.text ?? '').split(' ');
  return {
    seconds: fieldValues(`${second} 0 0`, 1000),
    minutes: fieldValues(`0 ${minute} 0`, MINUTE_MS),
    hours: fieldValues(`0 0 ${hour}`, 60 * MINUTE_MS),
    days: patterns.map(({ text }) => `0 0 0 ${text.split(' ').slice(3).join(' ')}`),
  };
}

const valueCache = once(() => new LRUCache<string, readonly number[]>({ max: 1000 }));

/** Returns the values of one field, by listing the times of a pattern with only that field in one day. */
function fieldValues(time: string, unit: number): readonly number[] {
  const known = valueCache().get(time);
  if (known !== undefined) return known;
  const found: number[] = [];
  const { next } = calendarPattern(`${time} * * *`);
  for (let at = next(-1000); at !== null && at < DAY_MS; at = next(at)) found.push(at / unit);
  valueCache().set(time, found);
  return found;
}

const dayCache = once(() => new LRUCache<string, readonly number[]>({ max: 1000 }));

/** Returns the days with occurrences, as midnights read as UTC, from the day of `low` to the last day before `high`. */
function daysBetween(patterns: readonly string[], low: number, high: number): readonly number[] {
  const first = Math.floor(low / DAY_MS) * DAY_MS;
  const last = Math.floor((high - 1) / DAY_MS) * DAY_MS;
  const key = `${patterns.join()} ${first} ${last}`;
  const known = dayCache().get(key);
  if (known !== undefined) return known;
  const found = new Set<number>();
  for (const pattern of patterns) {
    const { next } = calendarPattern(pattern);
    for (let at = next(first - 1000); at !== null && at <= last; at = next(at)) found.add(at);
  }
  const days = [...found].sort((a, b) => a - b);
  dayCache().set(key, days);
  return days;
}

/** Visits the calendar minutes with times in `[low, high)`, as wall-clock ms. */
function forEachWallMinute(times: Times, low: number, high: number, visit: MinuteVisitor): void {
  if (low >= high) return;
  for (const day of daysBetween(times.days, low, high)) {
    for (const hour of times.hours) {
      const hourStart = day + hour * 60 * MINUTE_MS;
      if (hourStart + 60 * MINUTE_MS <= low || hourStart >= high) continue;
      for (const minute of times.minutes) {
        const wall = hourStart + minute * MINUTE_MS;
        if (wall >= low && wall + MINUTE_MS <= high) visit(wall, times.seconds);
        else {
          const seconds = times.seconds.filter((s) => wall + s * 1000 >= low && wall + s * 1000 < high);
          if (seconds.length > 0) visit(wall, seconds);
        }
      }
    }
  }
}

function hasAny(times: Times, { start, end }: { start: number; end: number }): boolean {
  let any = false;
  forEachWallMinute(times, start, end, () => {
    any = true;
  });
  return any;
}
