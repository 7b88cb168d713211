import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { JobManager, JobSchedule } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { elapsed, shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { OnePageSite } from './one-page-site.mjs';
import { startedScheduler } from './program.mjs';

const SIZES = [10, 1_000, 10_000];
/**
 * Between an occurrence of one home and that of the next: a run is prepared two seconds before its own, and what is measured
 * beside it, Node's start above all, must be over by then.
 */
const SECONDS_EACH = 4;
const SMOKE_SECONDS_EACH = 1;
const BUDGET = 3;
const NODE = 'node -e 0';
/** All but one job of a home: once a year, half a year from now. */
const FAR = JobSchedule.custom(`0 9 1 ${((new Date().getMonth() + 6) % 12) + 1} *`, { timezone: 'Etc/UTC' });

/**
 * From the instant of an occurrence to the first request of its run (robots.txt), as the site sees it: a scheduler that has
 * been running, and a site on loopback. In the same rounds: a run that is asked for while the scheduler runs, and what Node
 * takes to start and end with nothing to do. With homes of few jobs and of many, of which one is due.
 */
export async function firstRequest({ rounds = 3, isSmoke }) {
  const sizes = isSmoke ? [2, 3, 4] : SIZES;
  const each = isSmoke ? SMOKE_SECONDS_EACH : SECONDS_EACH;
  const homes = sizes.map((jobs, index) => new OneDueOfMany(jobs, index * each, sizes.length * each));
  const node = [];
  try {
    await Promise.all(homes.map((home) => home.start()));
    // What is loaded for the first time is not what the hundredth run waits for.
    const unseen = isSmoke ? 0 : 1;
    // The first home is the one that is judged.
    const wanted = (home) => unseen + (home === homes[0] ? rounds : Math.min(rounds, 3));
    for (;;) {
      const next = homes
        .filter((home) => home.due.length < wanted(home))
        .toSorted((a, b) => a.nextOccurrence() - b.nextOccurrence())[0];
      if (next === undefined) break;
      await next.waitForDue();
      node.push(await elapsed(() => once(spawn(process.execPath, ['-e', '0']), 'close')));
      // At any moment of the scheduler's looks, which come every 250 ms, and between two occurrences.
      await delay(Math.random() * 250);
      await next.askForRun();
    }
    return rowsOf(homes, node, unseen);
  } finally {
    await Promise.all(homes.map((home) => home.end()));
  }
}

function rowsOf(homes, node, unseen) {
  const bare = spreadOf(node.slice(unseen * homes.length));
  const rows = (what, key) => {
    const found = homes.map((home) => ({ n: home.jobs, us: spreadOf(home[key].slice(unseen)) }));
    return found.map(({ n, us }) => row(`scheduler, ${what}, ${n.toLocaleString('en')} jobs`, us, bare));
  };
  const [first, ...others] = rows('due to the first request of the run', 'due');
  return [
    {
      ...first,
      ...atMost(spreadOf(homes[0].due.slice(unseen)).median / bare.median, BUDGET, { why: WHY }),
    },
    ...others,
    ...rows('run asked for to its first request', 'asked'),
  ];
}

function row(name, us, bare) {
  const { value, spread } = shown(us);
  return {
    name,
    ours: value,
    spread,
    unit: 'ms',
    peers: [{ name: NODE, ...shown(bare) }],
    ...ratioTo(NODE, us.median, bare.median),
  };
}

/** A home with a running scheduler, of whose jobs one is due every few seconds, and a site that sees its runs. */
class OneDueOfMany {
  jobs;
  due = [];
  asked = [];
  #offset;
  #period;
  #site = new OnePageSite();
  #home;
  #manager;
  #scheduler;

  /** @param offset and `period`, in seconds: when in each period of a minute the job is due */
  constructor(jobs, offset, period) {
    this.jobs = jobs;
    this.#offset = offset * 1000;
    this.#period = period * 1000;
  }

  async start() {
    const url = await this.#site.listening();
    const seconds = [];
    for (let at = this.#offset; at < 60_000; at += this.#period) seconds.push(at / 1000);
    const often = JobSchedule.custom(`${seconds} * * * * *`, { timezone: 'Etc/UTC' });
    const own = (index) => (index === 0 ? { overlap: 'allow', schedule: often.toDict() } : {});
    this.#home = await jobHome(this.jobs, own, {
      schedule: FAR,
      configs: { prices: `url: ${url}\nitem: li\nselectors: { name: b }\n` },
    });
    this.#manager = new JobManager({ home: this.#home });
    this.#scheduler = (await startedScheduler(this.#home)).scheduler;
  }

  /** The next one that there is still time for, epoch milliseconds. */
  nextOccurrence() {
    const from = Date.now() + 200 - this.#offset;
    return Math.ceil(from / this.#period) * this.#period + this.#offset;
  }

  async waitForDue() {
    const occurrence = this.nextOccurrence();
    const page = this.#site.pageAfter(occurrence);
    this.due.push((await this.#site.requestAfter(occurrence)) - occurrence);
    // It has asked for all that it is going to.
    await page;
    await delay(500);
  }

  async askForRun() {
    const job = await this.#manager.getJob('prices-00000');
    const at = Date.now();
    const run = job.run();
    this.asked.push((await this.#site.requestAfter(at)) - at);
    await run;
  }

  async end() {
    await this.#scheduler?.end();
    await this.#manager?.close();
    this.#site.close();
    if (this.#home) await removeHome(this.#home);
  }
}

const WHY =
  "The run's process has been started two seconds before and waits; what is left is the decision, two durable writes (queued, claimed), opening the database, reading job and configuration, and the connection.";
