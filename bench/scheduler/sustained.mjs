import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { JobSchedule } from '../../dist/index.js';
import { bundledPeer } from '../bundled-peer.mjs';
import { jobHome } from '../job-home.mjs';
import { HomeDatabase } from './home-database.mjs';
import { isThere, peerName } from './peer-names.mjs';
import { peerProgram, startedScheduler } from './program.mjs';
import { isRedisThere, startedRedis } from './redis.mjs';

/** As many as no limit for a host holds back. */
const HOSTS = 16;
/** The setting's default, and others: which is best is the machine's. */
const SLOTS = [4, 8];
const ROWS = 30;

/**
 * Runs a minute of one page each, as fast as they go: the real scheduler with a queue of runs, each a process of its own,
 * against a worker thread each (Bree) and a function that is called in a process that stays (BullMQ).
 */
export async function sustained({ isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const site = fork(fileURLToPath(new URL('../peers/small-site.mjs', import.meta.url)), [String(HOSTS)]);
  try {
    const [urls] = await once(site, 'message');
    const scraper = await bundledPeer('scrape-page', folder);
    const runs = isSmoke ? 3 : 24;
    const ours = [];
    for (const slots of isSmoke ? SLOTS.slice(0, 1) : SLOTS)
      ours.push({ slots, rate: await ourRate(urls, slots, runs) });
    const peers = [
      ...(await breeRate(scraper, folder, urls, isSmoke ? [2] : [2, 4], runs)),
      ...(await bullRate(scraper, folder, urls, isSmoke ? 20 : 2_000)),
    ];
    return rowsOf(ours, peers);
  } finally {
    site.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(ours, peers) {
  const best = ours.toSorted((a, b) => b.rate - a.rate)[0];
  const row = ({ slots, rate }, how) => ({
    name: `scheduler, runs of one page, ${slots} slots${how}`,
    ours: Math.round(rate),
    unit: 'a minute',
    peers,
  });
  const rows = [row(ours[0], ' (the default)')];
  return best === ours[0] ? rows : [...rows, row(best, ' (the best)')];
}

const CONFIG = (url) =>
  `url: ${url}\nitem: li\nselectors:\n  name: a\n  link: { selector: a, attribute: href }\n  price: .price\n  stock: i\n`;

/** All due at one instant, so that the queue is full from then on. */
async function ourRate(urls, slots, runs) {
  const configs = Object.fromEntries(urls.map((url, index) => [`site-${index}`, CONFIG(url)]));
  const due = new Date(Math.ceil((Date.now() + 2_000 + 50 * runs) / 1_000) * 1_000);
  const home = await jobHome(runs, (index) => ({ config_name: `site-${index % urls.length}` }), {
    schedule: JobSchedule.custom(onceAt(due), { timezone: 'Etc/UTC' }),
    configs,
    settings: { max_concurrent_runs: slots },
  });
  const db = await HomeDatabase.of(home);
  const { scheduler } = await startedScheduler(home);
  try {
    for (;;) {
      await delay(100);
      const [{ over, good, last }] = db.all(
        `SELECT count(*) FILTER (WHERE status NOT IN ('queued', 'starting', 'running')) AS over,
           count(*) FILTER (WHERE status = 'succeeded' AND items = ?) AS good, max(finished_at) AS last
         FROM runs WHERE scheduled_for = ?`,
        [ROWS, due.getTime()],
      );
      if (over < runs) continue;
      if (good < runs) throw new Error(`${runs - good} of ${runs} runs did not succeed with ${ROWS} rows`);
      return perMinute(runs, last - due);
    }
  } finally {
    await scheduler.end();
    db.close();
    // What the last run does after its outcome takes a moment.
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function breeRate(worker, folder, urls, ways, runs) {
  if (!isThere('bree')) return [];
  const rates = [];
  for (const atOnce of ways) {
    const program = peerProgram('bree-scraper', worker, folder, runs, atOnce, ...urls);
    rates.push(perMinute(runs, JSON.parse(await program.said('}')).ms));
  }
  return [{ name: `${peerName('bree')}, a worker thread a run`, value: Math.round(Math.max(...rates)) }];
}

async function bullRate(module, folder, urls, runs) {
  if (!isThere('bullmq') || !isRedisThere()) return [];
  const redis = await startedRedis();
  try {
    const program = peerProgram('bullmq-scraper', module, redis.socket, folder, runs, 16, ...urls);
    const { ms } = JSON.parse(await program.said('}'));
    const name = `${peerName('bullmq')} and Redis, a call in a process that stays`;
    return [{ name, value: Math.round(perMinute(runs, ms)) }];
  } finally {
    await redis.end();
  }
}

/** Once a year. */
function onceAt(at) {
  const fields = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate()];
  return [...fields, at.getUTCMonth() + 1, '*'].join(' ');
}

const perMinute = (runs, ms) => (60_000 * runs) / ms;
