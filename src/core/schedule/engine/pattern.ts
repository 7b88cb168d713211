import { Cron } from 'croner';
import { LRUCache } from 'lru-cache';
import { once } from '../../lib/once.ts';
import type { ScheduleDict } from '../rule.ts';
import { parseCron } from './cron-expression.ts';
import { type NextWallTime, plainPattern } from './plain-pattern.ts';

/** How a schedule recurs in its zone. */
export interface Recurrence {
  /** The schedule occurs when any of them does. */
  patterns: readonly CalendarPattern[];
  /**
   * Whether it names fixed wall-clock times (no `*` or `/` in second, minute and hour), which a change of
   * the clocks shifts but neither drops nor repeats. Otherwise it follows elapsed time.
   */
  fixed: boolean;
}

/** A six-field pattern, and how to find its times. */
export interface CalendarPattern {
  text: string;
  next: NextWallTime;
}

// One of croner's objects takes 83 KB (croner lists 10,000 years), so few are kept and none belongs to a job.
const cronCache = once(() => new LRUCache<string, Cron>({ max: 64 }));

/** How `rule` recurs; `undefined` for a single occurrence. */
export function toRecurrence(rule: ScheduleDict): Recurrence | undefined {
  switch (rule.type) {
    case 'once':
      return undefined;
    case 'hourly':
      return { patterns: [calendarPattern(`0 ${rule.minute} * * * *`)], fixed: false };
    case 'daily':
      return { patterns: [calendarPattern(`${cronTime(rule.time)} * * *`)], fixed: true };
    case 'weekly':
      // Here Monday is 0, in cron Sunday is.
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

/** A pattern with our own engine where it is plain, else with croner. @param plain what is known of it */
export function calendarPattern(text: string, plain = plainPattern(text)): CalendarPattern {
  // With the text and not with croner's object: see above.
  return { text, next: plain ?? ((after) => getCroner(text).nextRun(new Date(after))?.getTime() ?? null) };
}

/** The pattern without a zone: croner then takes and gives wall-clock times as if they were UTC. */
function getCroner(pattern: string): Cron {
  let cron = cronCache().get(pattern);
  if (cron === undefined) {
    // Without a function croner never starts a timer; `paused` says so.
    cron = new Cron(pattern, { utcOffset: 0, paused: true, mode: '6-part' });
    cronCache().set(pattern, cron);
  }
  return cron;
}

function cronTime(time: string): string {
  return `0 ${Number(time.slice(3))} ${Number(time.slice(0, 2))}`;
}

/** Day 29 to 31 means the month's last day where the month is shorter, which cron alone would skip. */
function monthlyPatterns(at: string, day: number): string[] {
  if (day <= 28) return [`${at} ${day} * *`];
  if (day === 31) return [`${at} L * *`];
  return [`${at} ${day} * *`, `${at} L 2 *`];
}
