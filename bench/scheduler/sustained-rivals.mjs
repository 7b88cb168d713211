import { setTimeout as delay } from 'node:timers/promises';
import { JobManager, JobSchedule } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { HomeDatabase } from './home-database.mjs';
import { onceAt } from './once-at.mjs';
import { peerProgram, startedScheduler } from './program.mjs';

const ROWS = 30;

const CONFIG = (url) =>
  `url: ${url}\nitem: li\nselectors:\n  name: a\n  link: { selector: a, attribute: href }\n  price: .price\n  stock: i\n`;

/**
 * So many runs of one page each by the real scheduler, all due at one instant, so that the queue is full from then on.
 * @param options.leastMs after which the scheduler should be ready and have planned
 * @param options.settings of the home, besides its slots
 * @param options.beside starts what the home needs besides its scheduler; returns `{ ready(scheduler), end() }`
 * @param options.watch is called with the scheduler when it is ready; what it returns, once all runs have ended
 * @returns how long after that instant each outcome was stored, in ms, the first one first
 */
export async function ourRuns(urls, slots, runs, options = {}) {
  const { leastMs = 1_200 + 10 * runs, settings, beside, watch } = options;
  const configs = Object.fromEntries(urls.map((url, index) => [`site-${index}`, CONFIG(url)]));
  const due = new Date(Math.ceil((Date.now() + leastMs) / 1_000) * 1_000);
  const home = await jobHome(runs, (index) => ({ config_name: `site-${index % urls.length}` }), {
    schedule: JobSchedule.custom(onceAt(due), { timezone: 'Etc/UTC' }),
    configs,
    settings: { max_concurrent_runs: slots, ...settings },
  });
  const db = await HomeDatabase.of(home);
  const others = await beside?.(home);
  const { scheduler } = await startedScheduler(home);
  try {
    await others?.ready(scheduler);
    const watched = watch?.(scheduler);
    if (Date.now() < due - 100) {
      const ends = await endsOf(db, due.getTime(), due.getTime(), runs);
      watched?.();
      return ends;
    }
  } finally {
    await scheduler.end();
    await others?.end();
    db.close();
    await removeHome(home);
  }
  return ourRuns(urls, slots, runs, { ...options, leastMs: 2 * leastMs });
}

/**
 * The same runs without a scheduler: each in a process of its own, `atOnce` at a time.
 * @returns how long after the first start each outcome was stored, in ms, the first one first
 */
export async function runsInOwnProcesses(urls, atOnce, runs) {
  const configs = Object.fromEntries(urls.map((url, index) => [`site-${index}`, CONFIG(url)]));
  const home = await jobHome(runs, (index) => ({ config_name: `site-${index % urls.length}` }), {
    configs,
    settings: { max_concurrent_runs: atOnce },
  });
  const manager = new JobManager({ home });
  const db = await HomeDatabase.of(home);
  try {
    const jobs = await manager.listJobs();
    const start = Date.now();
    const startNext = async () => {
      for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) await job.run();
    };
    await Promise.all(Array.from({ length: atOnce }, startNext));
    return await endsOf(db, null, start, runs);
  } finally {
    await manager.close();
    db.close();
    await removeHome(home);
  }
}

async function endsOf(db, scheduledFor, start, runs) {
  for (;;) {
    await delay(100);
    const ended = db.all(
      `SELECT status = 'succeeded' AND items = ? AS good, finished_at AS at,
         status || ': ' || coalesce(error_message, items) AS why FROM runs
       WHERE scheduled_for IS ? AND status NOT IN ('queued', 'starting', 'running') ORDER BY finished_at`,
      [ROWS, scheduledFor],
    );
    if (ended.length < runs) continue;
    const bad = ended.filter(({ good }) => !good);
    if (bad.length > 0)
      throw new Error(`${bad.length} of ${runs} runs did not succeed with ${ROWS} rows: ${bad[0].why}`);
    return ended.map(({ at }) => at - start);
  }
}

/**
 * As many runs with Bree, a worker thread each, so many at once.
 * @param worker the bundled peers/scrape-page.mjs
 * @returns how long after the first start each has ended, in ms, the first one first
 */
export async function breeRuns(worker, folder, urls, atOnce, runs) {
  const program = peerProgram('bree-scraper', worker, folder, runs, atOnce, ...urls);
  return JSON.parse(await program.said(']'));
}

/**
 * Runs a minute from when as many are over as go at once, counted so of everybody: the workers of our first ones were started
 * before their instant, and a peer's first ones load what the others find loaded.
 */
export function steadyRate(ends, atOnce) {
  return (60_000 * (ends.length - atOnce)) / (ends.at(-1) - ends[atOnce - 1]);
}

/** The same with BullMQ, a function call each in a process that stays. */
export async function bullRuns(module, folder, urls, redis, atOnce, runs) {
  const program = peerProgram('bullmq-scraper', module, redis.socket, folder, runs, atOnce, ...urls);
  return JSON.parse(await program.said(']'));
}
