import * as z from 'zod';
import { once } from '../lib/once.ts';
import { refineWith } from '../model/input-errors.ts';
import { notifyInput } from '../model/notify.ts';
import type { NotifyEntry } from '../model/notify-events.ts';
import { OUTPUT_FORMATS, type OutputFormat, resolveFormatAlias } from '../model/output-format.ts';
import { systemTimezone } from '../schedule/engine/instant.ts';
import { parseTimezone } from '../schedule/timezone.ts';
import { checkRedisAddress } from './redis-address.ts';

const number = (min: number, max: number, error = `a number from ${min} to ${max}`) => {
  return z.number({ error }).min(min, { error }).max(max, { error });
};

const whole = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return number(min, max, error).int({ error });
};

interface Rule<T> {
  schema: () => z.ZodType<T>;
  /** The default when the key is not set. */
  fallback: () => T;
  description: string;
}

function rule<T>(schema: () => z.ZodType<T>, fallback: T | (() => T), description: string): Rule<T> {
  return {
    schema: once(schema),
    fallback: typeof fallback === 'function' ? (fallback as () => T) : () => fallback,
    description,
  };
}

/** All settings: their values, defaults and descriptions. */
export const SETTING_RULES = {
  max_concurrent_runs: rule(() => whole(1, 1000), 4, 'How many runs may be active at once'),
  max_runs_per_host: rule(
    () => whole(1, 1000),
    2,
    'How many runs may scrape the same host at once, so that jobs do not hammer a site together',
  ),
  min_free_space: rule(
    () => whole(0, 1_000_000),
    50,
    'MiB that must be free on the home’s disk for a run to start; 0 starts always',
  ),
  timezone: rule<string>(
    () => z.string({ error: 'an IANA time zone' }).superRefine(refineWith(parseTimezone)),
    systemTimezone,
    'Time zone of schedules that name none; by default the system’s',
  ),
  user_agent: rule<string | null>(
    () =>
      z
        .string({ error: 'a string without line breaks, or null' })
        .regex(/^[\x20-\x7e]+$/, { error: 'a string of printable ASCII characters' })
        .nullable(),
    null,
    'The User-Agent header where a configuration sets none; null is QuickScrape’s own',
  ),
  default_output_format: rule<OutputFormat>(
    () =>
      z.preprocess(
        resolveFormatAlias,
        z.enum(OUTPUT_FORMATS, { error: `one of ${OUTPUT_FORMATS.join(', ')}` }),
      ),
    'csv',
    'Output format where neither job nor configuration names one',
  ),
  request_timeout: rule(() => number(0.1, 3600), 30, 'Seconds that one request may take'),
  respect_robots: rule(() => z.boolean({ error: 'true or false' }), true, 'Whether robots.txt is obeyed'),
  browser_path: rule<string | null>(
    () =>
      z
        .string({ error: 'the path of a program, or null' })
        .min(1, { error: 'the path of a program' })
        .nullable(),
    null,
    'The Chromium for pages that scripts make; null finds one in the PATH and the usual places',
  ),
  run_grace: rule(
    () => number(0, 600),
    10,
    'Seconds that a cancelled run may take to end before it is killed',
  ),
  trash_days: rule(() => whole(0, 36_500), 30, 'Days that deleted jobs and configurations wait in the trash'),
  keep_runs: rule(() => whole(1, 1_000_000), 50, 'Runs kept of a new job'),
  executor: rule<'local' | 'bullmq'>(
    () => z.enum(['local', 'bullmq'], { error: 'local or bullmq' }),
    'local',
    'What executes runs: this machine, or workers on other machines that are reached through Redis',
  ),
  executor_redis: rule<string | null>(
    () =>
      z
        .string({ error: 'an address such as rediss://redis.example:6380, or null' })
        .superRefine(refineWith(checkRedisAddress))
        .nullable(),
    null,
    'The Redis or Valkey between this home and its workers; the password is in QUICKSCRAPE_REDIS_PASSWORD',
  ),
  executor_fallback: rule<'wait' | 'local'>(
    () => z.enum(['wait', 'local'], { error: 'wait or local' }),
    'wait',
    'Where runs that name no worker start while Redis is away or no worker is connected; wait: nowhere',
  ),
  executor_local_slots: rule(
    () => whole(0, 1000),
    0,
    'How many runs this machine executes itself, besides its workers',
  ),
  executor_ahead: rule(
    () => whole(0, 1000),
    0,
    'Runs handed over beyond the workers’ free slots, so that an autoscaler sees what waits',
  ),
  worker_lost_after: rule(
    () => whole(10, 3600),
    90,
    'Seconds without a word from a worker until its runs are abandoned',
  ),
  notify: rule<NotifyEntry[]>(
    notifyInput,
    () => [],
    'Channels that get messages about jobs that name none, such as [{channel: me, on: [failure, recovery]}]',
  ),
  heartbeat: rule<string | null>(
    () =>
      z
        .string({ error: 'the name of a channel, or null' })
        .min(1, { error: 'the name of a channel' })
        .nullable(),
    null,
    'A channel of type heartbeat that the scheduler pings each minute',
  ),
  executor_max_result: rule(() => whole(1, 1_000_000), 2048, 'MiB that a worker may send for one run'),
} as const;

export type SettingKey = keyof typeof SETTING_RULES;

export type SettingValues = {
  [K in SettingKey]: (typeof SETTING_RULES)[K] extends Rule<infer T> ? T : never;
};

export const SETTING_KEYS = Object.keys(SETTING_RULES) as readonly SettingKey[];
