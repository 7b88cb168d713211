import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from '../bundled-peer.mjs';
import { notInstalled } from '../peers.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { atLeast, notMeasured, ratioTo } from '../verdict.mjs';
import { isThere, peerName, peerTitle } from './peer-names.mjs';
import { isRedisThere, NO_REDIS, startedRedis } from './redis.mjs';
import { breeRuns, bullRuns, ourRuns, runsInOwnProcesses, steadyRate } from './sustained-rivals.mjs';

/** As many as no limit for a host holds back. */
const HOSTS = 16;
const REAL = { four: 200, eight: 200, own: 24, bree: 24, breeAtOnce: [2, 4], bullmq: 1_200 };
const SMOKE = { four: 6, eight: 10, own: 5, bree: 4, breeAtOnce: [2], bullmq: 20 };
const BULLMQ_AT_ONCE = 16;
const OWN_PROCESSES = 'the same without a scheduler, a process a run';
const BUDGETS = { own: 7, bree: 2.5 };

/**
 * Runs a minute of one page each, as fast as they go, in turn: the real scheduler with a queue of runs and a worker for each
 * slot, with the slots of the default and with twice as many; a process each; a worker thread each (Bree), and a function that is called in a
 * process that stays (BullMQ).
 */
export async function sustained({ rounds = 2, isSmoke }) {
  const sizes = isSmoke ? SMOKE : REAL;
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const site = fork(fileURLToPath(new URL('../peers/small-site.mjs', import.meta.url)), [String(HOSTS)]);
  const redis = isThere('bullmq') && isRedisThere() ? await startedRedis() : undefined;
  try {
    const [urls] = await once(site, 'message');
    const scraper = await bundledPeer('scrape-page', folder);
    const rates = {
      four: [],
      eight: [],
      own: [],
      bullmq: [],
      bree: new Map(sizes.breeAtOnce.map((atOnce) => [atOnce, []])),
    };
    for (let left = rounds; left > 0; left -= 1) {
      rates.four.push(steadyRate(await ourRuns(urls, 4, sizes.four), 4));
      rates.eight.push(steadyRate(await ourRuns(urls, 8, sizes.eight), 8));
      rates.own.push(steadyRate(await runsInOwnProcesses(urls, 4, sizes.own), 4));
      for (const [atOnce, found] of isThere('bree') ? rates.bree : [])
        found.push(steadyRate(await breeRuns(scraper, folder, urls, atOnce, sizes.bree), atOnce));
      if (redis)
        rates.bullmq.push(
          steadyRate(
            await bullRuns(scraper, folder, urls, redis, BULLMQ_AT_ONCE, sizes.bullmq),
            BULLMQ_AT_ONCE,
          ),
        );
    }
    const missing = [
      ...(isThere('bree') ? [] : [notInstalled(peerTitle('bree'))]),
      ...(isThere('bullmq') ? [] : [notInstalled(peerTitle('bullmq'))]),
      ...(redis || !isThere('bullmq') ? [] : [NO_REDIS]),
    ];
    return rowsOf(rates, missing);
  } finally {
    await redis?.end();
    site.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(rates, missing) {
  const bree = bestOf([...rates.bree.values()].filter((all) => all.length > 0).map(spreadOf));
  const name = `${peerName('bree')}, a worker thread a run`;
  const peers = [
    ...(bree ? [{ name, ...shown(bree) }] : []),
    ...(rates.bullmq.length > 0
      ? [
          {
            name: `${peerName('bullmq')} and Redis, a call in a process that stays`,
            ...shown(spreadOf(rates.bullmq)),
          },
        ]
      : []),
  ];
  const four = spreadOf(rates.four);
  const own = spreadOf(rates.own);
  const row = (what, us, others, verdict) => ({
    name: `scheduler, runs of one page, ${what}`,
    ours: shown(us).value,
    spread: shown(us).spread,
    unit: 'a minute',
    peers: others,
    ...verdict,
  });
  const overBree = (us) => bree && ratioTo(name, us.median, bree.median);
  const without = missing.length > 0 && { without: missing };
  return [
    row('4 slots (the default)', four, peers, {
      ...(bree
        ? { ...overBree(four), ...atLeast(four.median / bree.median, BUDGETS.bree, { why: WHY }) }
        : notMeasured('at least', BUDGETS.bree, { why: WHY }, notInstalled(peerTitle('bree')))),
      ...without,
    }),
    row('4 slots, over a process a run', four, [{ name: OWN_PROCESSES, ...shown(own) }], {
      ...ratioTo(OWN_PROCESSES, four.median, own.median),
      ...atLeast(four.median / own.median, BUDGETS.own, { why: WHY }),
    }),
    row('8 slots', spreadOf(rates.eight), peers, { ...without, ...overBree(spreadOf(rates.eight)) }),
  ];
}

const WHY =
  'A run needs three durable writes, opening the database, its log, the request and its rows; Node has been started before.';

const bestOf = (found) => found.toSorted((a, b) => b.median - a.median)[0];
