import type { Outcome } from '../../src/core/model/run-record.ts';
import type { ScheduleDict } from '../../src/core/schedule/rule.ts';

/** A job of the pictures, and how it has been faring. */
export interface MadeUpJob {
  id: string;
  /** Name of its configuration; `host` is what that scrapes. */
  config: string;
  host: string;
  schedule: ScheduleDict;
  fields?: Record<string, unknown>;
  by?: 'cli' | 'mcp' | 'tui';
  /** How many items a run finds, and how long it takes in seconds; both vary a little. */
  items: number;
  seconds: number;
  /** How the last runs ended, the newest first; those before succeeded. None: it has never run. */
  ends?: readonly End[];
  /** Set when it is paused. */
  paused?: true;
}

export interface End {
  status: Outcome;
  items?: number;
  error?: { kind: string; message: string };
}

/** The one that is going to run while the pictures are taken. */
export const LIVE_JOB = 'books-daily';
/** The one that needs somebody. */
export const FAILED_JOB = 'competitor-prices';

const zone = { timezone: 'Europe/Berlin' };
const noMatch: End = {
  status: 'failed',
  error: { kind: 'no_items', message: '"article.offer" matched nothing on 12 of 12 pages' },
};
const unavailable: End = {
  status: 'failed',
  error: { kind: 'http', message: '503 Service Unavailable from homes.example after 3 tries' },
};

export const MADE_UP_JOBS: readonly MadeUpJob[] = [
  {
    ...{ id: LIVE_JOB, config: 'books', host: '', items: 1000, seconds: 26 },
    schedule: { type: 'custom', cron_expression: '0 6-22/2 * * *', ...zone },
    fields: {
      description: 'Every book of the shop, with price and stock',
      tags: ['books', 'demo'],
      timeout: 900,
    },
    ends: [{ status: 'succeeded', items: 1000 }],
  },
  {
    ...{ id: FAILED_JOB, config: 'offers', host: 'shop.example', items: 1180, seconds: 74, by: 'mcp' },
    schedule: { type: 'custom', cron_expression: '30 */3 * * *', ...zone },
    fields: {
      description: 'Prices of the three largest competitors',
      tags: ['prices', 'daily'],
      ...{ max_retries: 0, stagger: 120, expect: { min_items: 800 }, on_failure: 'notify-send prices' },
    },
    ends: [noMatch, noMatch, { status: 'succeeded', items: 1176 }],
  },
  {
    ...{ id: 'currency-rates', config: 'rates', host: 'bank.example', items: 34, seconds: 2 },
    schedule: { type: 'custom', cron_expression: '*/15 * * * *', ...zone },
    fields: { tags: ['finance'], keep_runs: 500 },
    ends: [],
  },
  {
    ...{ id: 'event-calendar', config: 'events', host: 'city.example', items: 210, seconds: 9 },
    schedule: { type: 'weekly', day_of_week: 0, time: '06:00', ...zone },
    fields: { enabled: false, tags: ['culture'] },
    ends: [],
  },
  {
    ...{ id: 'flats-berlin', config: 'flats', host: 'homes.example', items: 640, seconds: 48 },
    schedule: { type: 'hourly', minute: 40, ...zone },
    fields: { tags: ['homes'], pause_after_failures: 3 },
    ends: [
      unavailable,
      unavailable,
      unavailable,
      { status: 'timed_out', error: { kind: 'timeout', message: 'no end after 900 s' } },
    ],
    paused: true,
  },
  {
    ...{ id: 'flats-hamburg', config: 'flats', host: 'homes.example', items: 590, seconds: 41 },
    schedule: { type: 'hourly', minute: 20, ...zone },
    fields: { tags: ['homes'] },
    ends: [{ status: 'succeeded', items: 371 }],
  },
  {
    ...{ id: 'forum-watch', config: 'forum', host: 'forum.example', items: 88, seconds: 12, by: 'tui' },
    schedule: { type: 'custom', cron_expression: '5,35 * * * *', ...zone },
    fields: { tags: ['community'] },
    ends: [{ status: 'succeeded' }, { status: 'skipped' }],
  },
  {
    ...{ id: 'job-board', config: 'positions', host: 'work.example', items: 420, seconds: 33 },
    schedule: { type: 'custom', cron_expression: '0 */4 * * *', ...zone },
    fields: { tags: ['market'] },
    ends: [{ status: 'cancelled', items: 120 }],
  },
  {
    ...{ id: 'library-new', config: 'library', host: 'library.example', items: 61, seconds: 5 },
    schedule: { type: 'monthly', day_of_month: 31, time: '08:00', ...zone },
    fields: { tags: ['books'] },
    ends: [],
  },
  {
    ...{ id: 'news-morning', config: 'news', host: 'news.example', items: 145, seconds: 7 },
    schedule: { type: 'custom', cron_expression: '0 7 * * 1-5', ...zone },
    fields: { tags: ['news', 'daily'] },
    ends: [],
  },
  {
    ...{ id: 'news-tokyo', config: 'news_jp', host: 'news.example.jp', items: 96, seconds: 8, by: 'mcp' },
    schedule: { type: 'daily', time: '06:30', timezone: 'Asia/Tokyo' },
    fields: { description: '朝のニュース', tags: ['news', '日本'] },
    ends: [],
  },
  plain('archive-weekly', 'archive', 'archive.example', 900, 160, {
    type: 'weekly',
    day_of_week: 6,
    time: '02:30',
  }),
  plain('auctions', 'auctions', 'auctions.example', 310, 22, { type: 'hourly', minute: 55 }),
  plain('cinema', 'cinema', 'city.example', 74, 4, { type: 'daily', time: '11:00' }),
  plain('exhibitions', 'exhibitions', 'museum.example', 39, 3, {
    type: 'weekly',
    day_of_week: 3,
    time: '08:30',
  }),
  plain('fuel-prices', 'fuel', 'fuel.example', 128, 6, {
    type: 'custom',
    cron_expression: '*/30 5-22 * * *',
  }),
  plain('market-prices', 'market', 'market.example', 505, 35, { type: 'daily', time: '07:45' }),
  plain('press-releases', 'press', 'press.example', 27, 3, {
    type: 'custom',
    cron_expression: '20 8-18 * * 1-5',
  }),
  plain('tenders', 'tenders', 'tenders.example', 166, 18, {
    type: 'custom',
    cron_expression: '0 8,13 * * 1-5',
  }),
  plain('trains-delays', 'trains', 'trains.example', 212, 5, {
    type: 'custom',
    cron_expression: '*/20 * * * *',
  }),
  {
    ...{ id: 'stock-levels', config: 'stock', host: 'supplier.example', items: 2300, seconds: 190 },
    schedule: { type: 'custom', cron_expression: '15 1-23/2 * * *', ...zone },
    fields: { tags: ['prices'], overlap: 'queue', priority: 5 },
    ends: [],
  },
  {
    ...{ id: 'supplier-feed', config: 'feed', host: 'supplier.example', items: 0, seconds: 0, by: 'mcp' },
    schedule: { type: 'weekly', day_of_week: 4, time: '10:00', ...zone },
    fields: { description: 'New prices of the supplier', tags: ['prices'] },
  },
  {
    ...{ id: 'weather-hourly', config: 'weather', host: 'weather.example', items: 48, seconds: 3 },
    schedule: { type: 'hourly', minute: 10, ...zone },
    fields: { tags: ['weather'] },
    ends: [],
  },
];

/** A job with nothing special about it. */
function plain(
  id: string,
  config: string,
  host: string,
  items: number,
  seconds: number,
  schedule:
    | { type: 'daily'; time: string }
    | { type: 'hourly'; minute: number }
    | { type: 'weekly'; day_of_week: number; time: string }
    | { type: 'custom'; cron_expression: string },
): MadeUpJob {
  return { id, config, host, items, seconds, schedule: { ...schedule, ...zone }, ends: [] };
}
