import { recordPastRun, setJobStateFromRuns } from '../../../src/cli/demo/demo-past.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/lib/clock.ts';
import { UptimeRecorder } from '../../../src/core/scheduler/downtime.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { bookshopConfig } from '../../../src/sandbox/config.ts';

/** A shop whose owner changes its markup, and whose clock the test sets. */
export interface SceneShop {
  url: string;
  change(edit: (html: string) => string): Promise<void>;
  setTime(at: Date): void;
}

export interface Stage {
  workspace: Workspace;
  shop: SceneShop;
  /** Calls a tool of the server. */
  call(tool: string, params: Record<string, unknown>): Promise<unknown>;
}

const runBooks = ({ call }: Stage) => call('run_job', { job_id: 'books', wait_seconds: 50 });

/** Nothing is there but a scheduler that runs. */
async function freshHome({ call }: Stage): Promise<void> {
  await call('start_scheduler', {});
}

const NINE = { type: 'daily', time: '09:00', timezone: 'Europe/Berlin' } as const;

/** The job `books` of the shop's first pages. */
async function addBooks({ workspace, shop }: Stage, pages: number): Promise<void> {
  await workspace.configs.write(
    'shop',
    bookshopConfig(shop.url).replace('max_pages: 100', `max_pages: ${pages}`),
  );
  await workspace.jobs.create({ id: 'books', fields: { config_name: 'shop', schedule: NINE } }, 'cli');
}

/** The job `books` ran well; then the shop was rebuilt, so that rows, prices and the next page have other names. */
export async function rebuiltShop(stage: Stage): Promise<void> {
  await addBooks(stage, 2);
  await runBooks(stage);
  await stage.shop.change((html) =>
    html
      .replaceAll('product_pod', 'card')
      .replaceAll('product_price', 'cost')
      .replaceAll('price_color', 'amount')
      .replaceAll('class="next"', 'class="following"'),
  );
  await runBooks(stage);
}

/** The job `books` was due two hours ago, but its scheduler has not run since last night. */
export async function silentMorning({ workspace, shop }: Stage, now = Date.now()): Promise<void> {
  const { db, configs, jobs } = workspace;
  await configs.write('shop', bookshopConfig(shop.url).replace('max_pages: 100', 'max_pages: 2'));
  const due = now - 2 * HOUR_MS - (now % MINUTE_MS);
  const schedule = {
    type: 'daily',
    time: new Date(due).toISOString().slice(11, 16),
    timezone: 'UTC',
  } as const;
  await jobs.create({ id: 'books', fields: { config_name: 'shop', schedule } }, 'cli');
  const job = { id: 'books', configName: 'shop', timezone: 'UTC' };
  const yesterday = due - DAY_MS;
  recordPastRun(db, job, { at: yesterday, durationMs: 900, status: 'succeeded', items: 40, pages: 2 });
  setJobStateFromRuns(db, 'books');
  db.run('UPDATE job_state SET watermark = ? WHERE job_id = ?', [yesterday, 'books']);
  new UptimeRecorder(db).recordSeen(now - 10 * HOUR_MS);
}

/** Of twenty jobs seven fail: six of the eight on one host, and another one. */
export async function failingHost({ workspace }: Stage, now = Date.now()): Promise<void> {
  const { db, configs, jobs } = workspace;
  const hosts = [...Array(8).fill('shop.example'), ...Array(12).fill('news.example')];
  for (const [index, host] of hosts.entries()) {
    const id = `${host.slice(0, 4)}-${String(index + 1).padStart(2, '0')}`;
    await configs.write(id, `url: https://${host}/${id}\nitem: li\nselectors: {title: h3, price: .price}\n`);
    await jobs.create({ id, fields: { config_name: id, schedule: NINE } }, 'cli');
    const fails = index < 6 || index === 12;
    const error = { kind: 'http', message: 'HTTP 503 Service Unavailable' };
    for (const day of [2, 1])
      recordPastRun(
        db,
        { id, configName: id, timezone: NINE.timezone },
        {
          at: now - day * DAY_MS,
          durationMs: 900,
          ...(fails
            ? { status: 'failed', items: 0, pages: 0, error }
            : { status: 'succeeded', items: 40, pages: 2 }),
        },
      );
    setJobStateFromRuns(db, id);
  }
}

/** The job `books` has collected all 1,000 books yesterday and today. */
export async function twoDays(stage: Stage): Promise<void> {
  const { workspace, shop } = stage;
  await addBooks(stage, 100);
  const today = new Date('2026-11-25T09:00:00Z');
  shop.setTime(new Date(today.getTime() - DAY_MS));
  await runBooks(stage);
  for (const column of ['queued_at', 'not_before', 'started_at', 'finished_at'])
    workspace.db.run(`UPDATE runs SET ${column} = ${column} - ?`, [DAY_MS]);
  shop.setTime(today);
  await runBooks(stage);
}

/** By the letters of the tasks. */
export const SCENES: Record<'a' | 'b' | 'c' | 'd' | 'e', (stage: Stage) => Promise<void>> = {
  a: freshHome,
  b: rebuiltShop,
  c: silentMorning,
  d: failingHost,
  e: twoDays,
};
