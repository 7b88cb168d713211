import { Cron } from 'croner';
import { LRUCache } from 'lru-cache';
import { once } from '../../lib/once.ts';
import type { ScheduleDict } from '../rule.ts';
import { parseCron } from './cron-expression.ts';
import { type NextWallTime, plainPattern } from './plain-pattern.ts';

/** How a schedule recurs in its zone. */
export interface Recurrence {
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
      const { pattern, plain, fields } = parseCron(rule.cron_expression);
      const fixed = !/[*/]/.test(fields.second + fields.minute + fields.hour);
      return { patterns: [calendarPattern(pattern, plain)], fixed };
    }
  }
}

/**
 * Compiles a pattern: plain patterns use this program's engine, others use croner. @param plain the compiled plain
 * pattern, if the caller has it
 */
export function calendarPattern(text: string, plain = plainPattern(text)): CalendarPattern {
  // The closure holds the text and not the croner object, which is large (see `cronCache`).
  return { text, next: plain ?? ((after) => getCroner(text).nextRun(new Date(after))?.getTime() ?? null) };
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
