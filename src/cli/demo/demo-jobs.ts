import type { RunError } from '../../core/model/run-record.ts';
import type { OperationInput } from '../../core/operations/call-operation.ts';
import { bookshopConfig } from '../../sandbox/config.ts';
import type { Past } from './demo-past.ts';

export interface DemoJob {
  fields: OperationInput<'create_job'> & { job_id: string };
  past?: Past;
}

export const MINUTE_JOB = 'books-every-minute';
export const FAILING_JOB = 'prices-hourly';
/** Its configuration keeps a history of prices. */
export const HISTORY_JOB = 'new-arrivals';
/** Of a job with a past of hundreds of runs: the default would remove most of them with its first new run. */
const KEPT_RUNS = 1_000;

/** The configurations of the demo, of a shop at `url`. */
export function demoConfigs(url: string): Record<DemoConfig, string> {
  const books = bookshopConfig(url);
  const variant = (name: DemoConfig, about: string, pages: number, text = books) =>
    text
      .replace(/^# .*\n/, `# ${about}\n`)
      .replace('name: books', `name: ${name}`)
      .replace('max_pages: 100', `max_pages: ${pages}`)
      .replace('path: books.csv', `path: ${name}.csv`);
  return {
    books,
    prices: variant(
      'prices',
      'Prices of the sandbox bookshop, as they were found before the shop changed its pages.',
      3,
      books.replace('.price_color', '.price-now'),
    ),
    arrivals: `${variant('arrivals', 'The first page of the sandbox bookshop.', 1)}
# The price of each book is kept when it changes. Enter on an item shows its curve.
changes: { key: title }
history: price
`,
    stock: variant('stock', 'What the sandbox bookshop has in stock: its first ten pages.', 10),
    poetry: variant(
      'poetry',
      'A shelf that the sandbox bookshop has closed.',
      5,
      books.replace(`url: "${url}"`, `url: "${new URL('catalogue/shelves/poetry.html', url).href}"`),
    ),
  };
}

type DemoConfig = 'books' | 'prices' | 'arrivals' | 'stock' | 'poetry';

const SERVER_ERROR: RunError = { kind: 'http', message: 'the shop answered 503 (Service Unavailable)' };
const TOO_SLOW: RunError = { kind: 'timeout', message: 'the run took longer than 60 s' };
const UNREACHABLE: RunError = { kind: 'network', message: 'the shop did not answer: connection refused' };
const GONE: RunError = { kind: 'http', message: 'catalogue/shelves/poetry.html answered 404 (Not Found)' };

/** The two jobs of every demo. */
export const BOOK_JOBS: readonly DemoJob[] = [
  {
    fields: {
      job_id: MINUTE_JOB,
      config_name: 'books',
      description: 'Every book of the shop, every minute',
      schedule: { type: 'custom', cron_expression: '* * * * *' },
      tags: ['demo'],
      max_retries: 0,
      output_path: 'books.csv',
    },
  },
  {
    fields: {
      job_id: 'books-daily',
      config_name: 'books',
      description: 'Every book of the shop, a file a day',
      schedule: { type: 'daily', time: '09:00' },
      tags: ['demo'],
      output_path: 'books_{date}.csv',
    },
    past: {
      runs: 30,
      durationMs: 4_200,
      pages: 50,
      keptItems: 30,
      growth: 60,
      failures: [
        { runs: [9], status: 'failed', error: SERVER_ERROR },
        { runs: [21], status: 'timed_out', error: TOO_SLOW, durationMs: 60_000 },
      ],
    },
  },
];

/** More jobs for the dashboard: one that fails by a selector, one that is paused, one that is disabled, and good ones. */
export const MORE_JOBS: readonly DemoJob[] = [
  {
    fields: {
      job_id: FAILING_JOB,
      config_name: 'prices',
      description:
        'Prices every hour. The shop has renamed a class: if it fails, R repairs the selector on the page that the run kept',
      schedule: { type: 'hourly', minute: 20 },
      keep_runs: KEPT_RUNS,
      tags: ['demo', 'prices'],
      max_retries: 0,
      expect: { required_fields: ['price'] },
    },
    past: {
      runs: 240,
      durationMs: 900,
      pages: 3,
      keptItems: 60,
      failures: [{ runs: [37, 38, 121], status: 'failed', error: SERVER_ERROR }],
    },
  },
  {
    fields: {
      job_id: 'books-weekdays',
      config_name: 'books',
      description: 'Every book of the shop, before work',
      schedule: { type: 'custom', cron_expression: '30 7 * * 1-5' },
      tags: ['demo'],
      output_path: 'weekdays/{date}.csv',
    },
    past: { runs: 22, durationMs: 4_400, pages: 50, keptItems: 12, growth: 48 },
  },
  {
    fields: {
      job_id: 'books-weekly',
      config_name: 'books',
      description: 'Switched off at first: job update books-weekly --enable lets it run',
      schedule: { type: 'weekly', day_of_week: 0, time: '06:00' },
      tags: ['demo'],
      enabled: false,
      output_path: 'weekly/{date}.csv',
    },
    past: { runs: 4, durationMs: 4_300, pages: 50, keptItems: 4 },
  },
  {
    fields: {
      job_id: HISTORY_JOB,
      config_name: 'arrivals',
      description: 'The first page of the shop every three hours, with the history of its prices',
      schedule: { type: 'custom', cron_expression: '0 */3 * * *' },
      keep_runs: KEPT_RUNS,
      tags: ['demo', 'news'],
      output_path: 'arrivals.csv',
    },
    past: {
      runs: 240,
      durationMs: 320,
      pages: 1,
      keptItems: 240,
      failures: [
        { runs: [52, 53, 54], status: 'failed', error: UNREACHABLE, durationMs: 9_000 },
        { runs: [130, 131], status: 'missed' },
      ],
    },
  },
  {
    fields: {
      job_id: 'stock-hourly',
      config_name: 'stock',
      description: 'What is in stock: the first ten pages, every hour',
      schedule: { type: 'hourly', minute: 45 },
      keep_runs: KEPT_RUNS,
      tags: ['demo', 'stock'],
      output_path: 'stock.csv',
    },
    past: {
      runs: 240,
      durationMs: 1_300,
      pages: 10,
      keptItems: 60,
      growth: 11,
      failures: [
        { runs: [18], status: 'timed_out', error: TOO_SLOW, durationMs: 60_000 },
        { runs: [77, 78], status: 'skipped' },
      ],
    },
  },
  {
    fields: {
      job_id: 'shelf-poetry',
      config_name: 'poetry',
      description:
        'A shelf that the shop has closed. If it is paused, p lets it run again; R shows its configuration',
      schedule: { type: 'daily', time: '05:15' },
      tags: ['demo', 'shelves'],
      max_retries: 0,
      pause_after_failures: 5,
    },
    past: {
      runs: 30,
      durationMs: 700,
      pages: 5,
      keptItems: 30,
      failures: [{ runs: [0, 1, 2, 3, 4], status: 'failed', error: GONE }],
      isPaused: true,
    },
  },
  {
    fields: {
      job_id: 'stock-night',
      config_name: 'stock',
      description: 'What is in stock when the shop closes',
      schedule: { type: 'daily', time: '22:30' },
      tags: ['demo', 'stock'],
      output_path: 'stock/{date}.csv',
    },
    past: { runs: 30, durationMs: 1_400, pages: 10, keptItems: 30, growth: 9 },
  },
  {
    fields: {
      job_id: 'arrivals-weekend',
      config_name: 'arrivals',
      description: 'New books on Saturdays and Sundays',
      schedule: { type: 'custom', cron_expression: '0 10 * * 0,6' },
      tags: ['demo', 'news'],
      output_path: 'weekend.csv',
    },
    past: { runs: 8, durationMs: 350, pages: 1, keptItems: 8 },
  },
];
