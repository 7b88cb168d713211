import { setTimeout as delay } from 'node:timers/promises';
import { JobManager } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { OnePageSite } from '../scheduler/one-page-site.mjs';
import { startedScheduler } from '../scheduler/program.mjs';
import { startedRedis } from '../scheduler/redis.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { RemoteWorkers, remoteSettings } from './remote-workers.mjs';

const REAL = { asks: 20, unseen: 2 };
const QUICK = { asks: 8, unseen: 2 };
const SMOKE = { asks: 1, unseen: 0 };
const BUDGET_MS = 50;

/** From a run being asked for to its first request: a local worker that is warm, and one behind Redis, in turn. */
export async function firstRequest({ isSmoke, isQuick }) {
  const { asks, unseen } = isSmoke ? SMOKE : isQuick ? QUICK : REAL;
  const redis = await startedRedis();
  const homes = [
    new AskedHome(),
    new AskedHome(remoteSettings(redis), (home) => RemoteWorkers.started(home, 1, 1)),
  ];
  try {
    for (const home of homes) await home.start();
    for (let left = asks + unseen; left > 0; left -= 1) for (const home of homes) await home.ask();
  } finally {
    for (const home of homes) await home.end();
    await redis.end();
  }
  // What is loaded for the first time is not what the others wait for.
  const [local, remote] = homes.map(({ waits }) => spreadOf(waits.slice(unseen)));
  const over = remote.median - local.median;
  return [
    {
      name: 'workers, run asked for to its first request, over a warm worker of this machine',
      ours: Math.round(over),
      unit: 'ms',
      peers: [
        { name: 'with a worker behind Redis', ...shown(remote) },
        { name: 'with a warm worker of this machine', ...shown(local) },
      ],
      ...ratioTo('its budget', over, BUDGET_MS),
      ...atMost(over, BUDGET_MS, {
        unit: 'ms',
        why: 'The start, the claim and the grant are three messages through Redis, and the claim is a durable write.',
      }),
    },
  ];
}

/** A home with a scheduler, one job, and a site that sees its runs. */
class AskedHome {
  waits = [];
  #settings;
  #beside;
  #site = new OnePageSite();
  #home;
  #workers;
  #scheduler;
  #manager;

  constructor(settings, beside) {
    this.#settings = settings;
    this.#beside = beside;
  }

  async start() {
    const configs = { prices: `url: ${await this.#site.listening()}\nitem: li\nselectors: { name: b }\n` };
    this.#home = await jobHome(1, undefined, { configs, settings: this.#settings });
    this.#workers = await this.#beside?.(this.#home);
    this.#scheduler = (await startedScheduler(this.#home)).scheduler;
    await this.#workers?.ready(this.#scheduler);
    this.#manager = new JobManager({ home: this.#home });
  }

  async ask() {
    // At any moment of the scheduler's looks, which come every 250 ms.
    await delay(500 + Math.random() * 250);
    const job = await this.#manager.getJob('prices-00000');
    const at = Date.now();
    const run = job.run();
    this.waits.push((await this.#site.requestAfter(at)) - at);
    if (!(await run)) throw new Error('a run that was asked for has failed');
  }

  async end() {
    await this.#scheduler?.end();
    await this.#workers?.end();
    await this.#manager?.close();
    this.#site.close();
    if (this.#home) await removeHome(this.#home);
  }
}
