import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { JobManager } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { round } from '../rounds.mjs';
import { HomeDatabase } from '../scheduler/home-database.mjs';
import { startedScheduler } from '../scheduler/program.mjs';
import { startedRedis } from '../scheduler/redis.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { RemoteWorkers, remoteSettings } from './remote-workers.mjs';

const ROWS = 1_000_000;
const REAL = { pages: 200, rows: 5_000 };
/** A tenth. */
const QUICK = { pages: 20, rows: 5_000 };
const SMOKE = { pages: 2, rows: 50 };
/** For what a scheduler does once after its start: it is held up then without any rows. */
const SETTLE_MS = 3_000;
const BUDGETS = { redisMb: 16, holdMs: 50 };
const PRELOAD = pathToFileURL(fileURLToPath(new URL('loop-holds.mjs', import.meta.url))).href;

/**
 * One run of very many rows in a worker behind Redis: what Redis has in memory at most, and for how long the scheduler
 * cannot do anything else, until the outcome is recorded.
 */
export async function manyRows({ isSmoke, isQuick }) {
  const { pages, rows } = isSmoke ? SMOKE : isQuick ? QUICK : REAL;
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const holds = join(folder, 'holds');
  const redis = await startedRedis();
  const site = fork(fileURLToPath(new URL('../peers/row-site.mjs', import.meta.url)), [String(rows)]);
  const [url] = await once(site, 'message');
  const home = await jobHome(1, undefined, {
    configs: { prices: configOf(url, pages) },
    settings: remoteSettings(redis),
  });
  const workers = await RemoteWorkers.started(home, 1, 1);
  const { scheduler } = await startedScheduler(home, {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${PRELOAD}`,
    BENCH_LOOP_HOLDS: holds,
  });
  const manager = new JobManager({ home });
  const db = await HomeDatabase.of(home);
  try {
    await workers.ready(scheduler);
    await delay(isSmoke ? 0 : SETTLE_MS);
    const from = Date.now();
    await (await manager.getJob('prices-00000')).run();
    const [{ status, items }] = db.all('SELECT status, items FROM runs');
    if (status !== 'succeeded' || items !== pages * rows)
      throw new Error(`a run of ${pages * rows} rows ended as ${status}, with ${items} of them`);
    const seconds = round((Date.now() - from) / 1_000, 1);
    return rowsOf(pages * rows, await redis.peakMb(), longestSince(holds, from), seconds);
  } finally {
    db.close();
    await manager.close();
    await scheduler.end();
    await workers.end();
    await redis.end();
    site.disconnect();
    await removeHome(home);
    rmSync(folder, { recursive: true, force: true });
  }
}

function configOf(url, pages) {
  return `item: li
selectors: { name: b, price: i }
pagination: { type: page_number, url_template: "${url}{page}", end_page: ${pages} }
output: { format: jsonl }
`;
}

function rowsOf(rows, peakMb, holdMs, seconds) {
  const share = rows === ROWS ? '' : ` (1/${ROWS / rows})`;
  const row = (what, figure, unit, budget, why) => ({
    name: `workers, ${rows.toLocaleString('en')} rows${share} come home: ${what}`,
    ours: round(figure, 1),
    unit,
    peers: [{ name: 'from the request to the outcome, s', value: seconds }],
    ...ratioTo('its budget', figure, budget),
    ...atMost(figure, budget, { unit, why }),
  });
  return [
    row('memory of Redis at most', peakMb, 'MB', BUDGETS.redisMb, WHY.redis),
    row('the scheduler is held up at most', holdMs, 'ms', BUDGETS.holdMs, WHY.hold),
  ];
}

/** @param file what loop-holds.mjs has written */
function longestSince(file, from) {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const holds = lines.map((line) => line.split(' ').map(Number)).filter(([at]) => at >= from);
  return Math.max(0, ...holds.map(([, ms]) => ms));
}

const WHY = {
  redis:
    'A run has at most 1 MiB on its way, whatever it sends; the rest is Redis itself and its connections.',
  hold: 'A letter of at most 2 MiB is opened, inflated, checked and appended to a file at once.',
};
