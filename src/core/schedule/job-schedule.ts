import { QuickscrapeError } from '../lib/errors.ts';
import { describeSchedule } from './describe-schedule.ts';
import { compileRule, type NextOccurrence } from './engine/occurrence.ts';
import { formatValue, invalidSchedule } from './invalid-schedule.ts';
import { parseRule } from './parse-rule.ts';
import type { ScheduleDict } from './rule.ts';

const MAX_RUN_TIMES = 10_000;

export interface ScheduleOptions {
  /** IANA name. Default: the system's zone, resolved immediately. */
  timezone?: string | undefined;
}

/**
 * Defines when a job runs: one of six kinds, in one time zone. Immutable. Every factory
 * method throws a QuickscrapeError `invalid_schedule` that names the field, the value and what is allowed.
 */
export class JobSchedule {
  readonly #rule: ScheduleDict;
  #next: NextOccurrence | undefined;

  private constructor(rule: ScheduleDict) {
    this.#rule = rule;
  }

  /** A single run. @param date `YYYY-MM-DD` @param time `HH:MM` */
  static once(date: string, time: string, options?: ScheduleOptions): JobSchedule {
    return makeSchedule({ type: 'once', date, time }, options);
  }

  /** Every hour. @param minute 0-59 */
  static hourly(minute = 0, options?: ScheduleOptions): JobSchedule {
    return makeSchedule({ type: 'hourly', minute }, options);
  }

  /** Every day. @param time `HH:MM` */
  static daily(time: string, options?: ScheduleOptions): JobSchedule {
    return makeSchedule({ type: 'daily', time }, options);
  }

  /** Every week. @param dayOfWeek 0 = Monday ... 6 = Sunday @param time `HH:MM` */
  static weekly(dayOfWeek: number, time: string, options?: ScheduleOptions): JobSchedule {
    return makeSchedule({ type: 'weekly', day_of_week: dayOfWeek, time }, options);
  }

  /** Every month; a month without that day uses its last day. @param dayOfMonth 1-31 @param time `HH:MM` */
  static monthly(dayOfMonth: number, time: string, options?: ScheduleOptions): JobSchedule {
    return makeSchedule({ type: 'monthly', day_of_month: dayOfMonth, time }, options);
  }

  /**
   * From a cron expression: five fields, or six with seconds first (0 and 7 = Sunday). Supports names, `L`, `W`, `#`,
   * and `@hourly @daily @weekly @monthly @yearly`.
   */
  static custom(cronExpression: string, options?: ScheduleOptions): JobSchedule {
    return makeSchedule({ type: 'custom', cron_expression: cronExpression }, options);
  }

  /**
   * Restores a schedule from the output of {@link toDict}. A missing `timezone` becomes the system's. Unknown fields
   * are rejected.
   */
  static fromDict(dict: unknown): JobSchedule {
    return dict instanceof JobSchedule ? dict : new JobSchedule(parseRule(dict));
  }

  get type(): ScheduleDict['type'] {
    return this.#rule.type;
  }

  /** The IANA name of the schedule's time zone. */
  get timezone(): string {
    return this.#rule.timezone;
  }

  /**
   * Returns the first occurrence strictly after `from` (default: now); `null` when there is none.
   *
   * @throws QuickscrapeError `invalid_params` when `from` is not a valid Date
   */
  getNextRunTime(from: Date = new Date()): Date | null {
    const at = this.#after(toEpochMs(from));
    return at === null ? null : new Date(at);
  }

  /**
   * Returns the next `count` occurrences (0 to 10,000) strictly after `from`, in order; fewer when the schedule ends.
   *
   * @throws QuickscrapeError `invalid_params` when `count` or `from` is out of range
   */
  getNextRunTimes(count: number, from: Date = new Date()): Date[] {
    if (!Number.isInteger(count) || count < 0 || count > MAX_RUN_TIMES) {
      const message = `count ${formatValue(count)} is not valid: use a whole number from 0 to ${MAX_RUN_TIMES}`;
      throw new QuickscrapeError('invalid_params', message, { field: 'count' });
    }
    const times: Date[] = [];
    let last = toEpochMs(from);
    while (times.length < count) {
      const at = this.#after(last);
      if (at === null) break;
      times.push(new Date(at));
      last = at;
    }
    return times;
  }

  /** Describes the schedule in plain English, with the zone: `every weekday at 09:00 (Europe/Berlin)`. */
  describe(): string {
    return describeSchedule(this.#rule);
  }

  /** Returns the wire format, always with its `timezone`. */
  toDict(): ScheduleDict {
    return { ...this.#rule };
  }

  toJSON(): ScheduleDict {
    return this.toDict();
  }

  #after(from: number): number | null {
    this.#next ??= compileRule(this.#rule);
    return this.#next(from);
  }
}

function makeSchedule(fields: Record<string, unknown>, options: ScheduleOptions | undefined): JobSchedule {
  if (options === undefined) return JobSchedule.fromDict(fields);
  if (typeof options !== 'object' || options === null) {
    throw invalidSchedule('timezone', options, 'give it as { timezone: "Europe/Berlin" }');
  }
  // A misspelt option must not silently select the system's zone.
  const unknownOption = Object.keys(options).find((key) => key !== 'timezone');
  if (unknownOption !== undefined) {
    throw invalidSchedule(
      unknownOption,
      Reflect.get(options, unknownOption) ?? null,
      'the only option is timezone',
    );
  }
  return JobSchedule.fromDict({ ...fields, timezone: options.timezone });
}

function toEpochMs(from: Date): number {
  const at = from instanceof Date ? from.getTime() : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const message = `from ${formatValue(from)} is not valid: use a Date that is a real instant`;
  throw new QuickscrapeError('invalid_params', message, { field: 'from' });
}

/** The cached occurrences of a schedule: the first ones after `from`, or all of them when it has `ended`. Epoch ms. */
interface CachedOccurrences {
  from: number;
  times: readonly number[];
  ended: boolean;
}

const NOTHING_CACHED: CachedOccurrences = { from: Number.POSITIVE_INFINITY, times: [], ended: false };

/** Many jobs share one schedule object, and request the same occurrences until the next one has passed. */
const cache = new WeakMap<ScheduleDict, CachedOccurrences>();

/**
 * Returns the next `count` occurrences strictly after an instant (epoch ms), in order; fewer when the schedule ends.
 */
export function upcomingRunTimes(dict: ScheduleDict, after: number, count: number): readonly number[] {
  const { from, times, ended } = cache.get(dict) ?? NOTHING_CACHED;
  const [first] = times;
  const isCacheValid = after >= from && (first === undefined ? ended : first > after);
  if (isCacheValid && (ended || times.length >= count)) return times.slice(0, count);
  // Callers request different counts, so the cache keeps the largest.
  const limit = Math.max(count, times.length);
  const found = JobSchedule.fromDict(dict)
    .getNextRunTimes(limit, new Date(after))
    .map((time) => time.getTime());
  cache.set(dict, { from: isCacheValid ? from : after, times: found, ended: found.length < limit });
  return found.slice(0, count);
}
