import type { QuickscrapeDatabase } from '../../core/database/database.ts';
import { DAY_MS } from '../../core/lib/clock.ts';
import type { Outcome, RunError } from '../../core/model/run-record.ts';
import type { OperationInput } from '../../core/operations/call-operation.ts';
import { insertRun } from '../../core/runs/run-queue.ts';
import { stateFromRuns } from '../../core/runs/state-from-runs.ts';
import { JobSchedule } from '../../core/schedule/job-schedule.ts';
import type { ScheduleDict } from '../../core/schedule/rule.ts';
import { bookshopConfig } from '../../sandbox/config.ts';

/** An invented run, for the demo and for the pictures of the documentation. */
interface PastRun {
  /** Default: a generated id. */
  runId?: string;
  /** When it was due and began, in epoch ms. */
  at: number;
  /** 0 for skipped and missed runs. */
  durationMs: number;
  status: Outcome;
  items: number;
  pages: number;
  error?: RunError | undefined;
}

/** Writes a finished run into the history, as if its schedule had started it. The job's state does not change. */
export function recordPastRun(
  db: QuickscrapeDatabase,
  job: { id: string; configName: string; timezone: string },
  { at, durationMs, status, items, pages, error, ...rest }: PastRun,
): void {
  const end = at + durationMs;
  const started = status === 'skipped' || status === 'missed' ? null : at;
  const problem = [error?.kind ?? null, error?.message ?? null];
  db.transaction(() => {
    const runId = insertRun(
      db,
      {
        jobId: job.id,
        configName: job.configName,
        trigger: 'schedule',
        scheduledFor: at,
        status: 'queued',
        timezone: job.timezone,
        maxAttempts: 1,
        priority: 0,
        overlap: 'skip',
        requestedBy: 'scheduler',
        ...rest,
      },
      at,
    );
    if (runId === undefined) return;
    db.run(
      `UPDATE runs SET status = ?, items = ?, pages = ?, started_at = ?, finished_at = ?, attempt = 1,
         error_kind = ?, error_message = ? WHERE run_id = ?`,
      [status, items, pages, started, end, ...problem, runId],
    );
    if (started === null) return;
    db.run(
      `INSERT INTO attempts (run_id, attempt, status, started_at, finished_at, items, pages, error_kind, error_message)
         VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)`,
      [runId, status, at, end, items, pages, ...problem],
    );
  });
}

/** Sets a job's state from its runs, for a job that was created after them. */
export function setJobStateFromRuns(db: QuickscrapeDatabase, jobId: string): void {
  const past = stateFromRuns(db, jobId);
  if (past === undefined) return;
  db.run('UPDATE job_state SET status = ?, last_run = ?, last_run_id = ? WHERE job_id = ?', [
    past.status,
    past.last_run,
    past.last_run_id,
    jobId,
  ]);
}

/** An invented past: the number of runs, the duration of each in ms, and its pages. */
interface Past {
  runs: number;
  durationMs: number;
  pages: number;
}

export interface DemoJob {
  fields: OperationInput<'create_job'> & { job_id: string };
  past?: Past;
}

export const MINUTE_JOB = 'books-every-minute';
export const FAILING_JOB = 'prices-hourly';

/** The configurations of the demo by their names, for a shop at `url`. */
export function demoConfigs(url: string): { books: string; prices: string } {
  const books = bookshopConfig(url);
  const prices = books
    .replace(
      /^# .*\n/,
      '# Prices of the sandbox bookshop, as they were found before the shop changed its pages.\n',
    )
    .replace('name: books', 'name: prices')
    .replace('.price_color', '.price-now')
    .replace('max_pages: 100', 'max_pages: 3')
    .replace('path: books.csv', 'path: prices.csv');
  return { books, prices };
}

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
    past: { runs: 14, durationMs: 4_200, pages: 50 },
  },
];

/** More jobs for the dashboard: one that fails, one that is disabled, one for weekdays. */
export const MORE_JOBS: readonly DemoJob[] = [
  {
    fields: {
      job_id: FAILING_JOB,
      config_name: 'prices',
      description:
        'Fails: the shop has renamed a class. Press R to fix the selector on the page that the run kept',
      schedule: { type: 'hourly', minute: 20 },
      tags: ['demo', 'prices'],
      max_retries: 0,
      expect: { required_fields: ['price'] },
    },
    past: { runs: 24, durationMs: 900, pages: 3 },
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
    past: { runs: 10, durationMs: 4_400, pages: 50 },
  },
  {
    fields: {
      job_id: 'books-weekly',
      config_name: 'books',
      description: 'Switched off: job update books-weekly --enable lets it run again',
      schedule: { type: 'weekly', day_of_week: 0, time: '06:00' },
      tags: ['demo'],
      enabled: false,
      output_path: 'weekly/{date}.csv',
    },
    past: { runs: 4, durationMs: 4_300, pages: 50 },
  },
];

/** The invented runs of a schedule until `now`, the oldest first; all succeeded. */
export function pastRuns(past: Past, schedule: ScheduleDict, now: number): PastRun[] {
  const times = JobSchedule.fromDict(schedule)
    .getNextRunTimes(1_000, new Date(now - 30 * DAY_MS))
    .map(Number);
  return times
    .filter((at) => at < now - past.durationMs)
    .slice(-past.runs)
    .map((at, index) => ({
      at,
      // Varied, as real durations are.
      durationMs: past.durationMs + ((index * 7) % 5) * 130,
      status: 'succeeded',
      items: 20 * past.pages,
      pages: past.pages,
    }));
}
