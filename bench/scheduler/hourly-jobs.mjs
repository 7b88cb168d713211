import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { JobSchedule } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { round } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { cpuMsOfTree } from './cpu-of-tree.mjs';
import { HomeDatabase } from './home-database.mjs';
import { startedScheduler } from './program.mjs';

const HOUR_S = 3_600;
const HOSTS = 16;
/** The hour is shortened by `HOUR_S / seconds`: only what is due in these seconds is counted. */
const REAL = { jobs: 10_000, seconds: 180, settleMs: 30_000 };
const SMOKE = { jobs: 720, seconds: 5, settleMs: 0 };
const BUDGET = { cores: 0.6 * 2 };

/**
 * Hourly jobs of one page each, spread over the hour: how much of a processor they take, with all that the scheduler
 * starts, and how late the last one of them ends.
 */
export async function hourlyJobs({ isSmoke }) {
  const { jobs, seconds, settleMs } = isSmoke ? SMOKE : REAL;
  const site = fork(fileURLToPath(new URL('../peers/small-site.mjs', import.meta.url)), [String(HOSTS)]);
  const [urls] = await once(site, 'message');
  const home = await jobHome(
    jobs,
    (index) => {
      const second = Math.floor((index * HOUR_S) / jobs);
      const rule = `${second % 60} ${Math.floor(second / 60)} * * * *`;
      return {
        config_name: `site-${index % HOSTS}`,
        schedule: JobSchedule.custom(rule, { timezone: 'Etc/UTC' }).toDict(),
      };
    },
    {
      configs: Object.fromEntries(
        urls.map((url, index) => [
          `site-${index}`,
          `url: ${url}\nitem: li\nselectors: { name: a, price: .price, stock: i }\n`,
        ]),
      ),
    },
  );
  const db = await HomeDatabase.of(home);
  const { scheduler } = await startedScheduler(home);
  try {
    await delay(settleMs);
    const [from, used] = [Date.now(), cpuMsOfTree(scheduler.pid)];
    await delay(1_000 * seconds);
    const until = Date.now();
    const cores = (cpuMsOfTree(scheduler.pid) - used) / (until - from);
    const runs = await finished(db, from, until);
    const late = runs.map(({ scheduled, finishedAt }) => finishedAt - scheduled).toSorted((a, b) => a - b);
    const due = (jobs * seconds) / HOUR_S;
    if (runs.length < 0.95 * due) throw new Error(`${runs.length} runs in ${seconds} s, instead of ${due}`);
    return [
      {
        name: `scheduler, ${jobs.toLocaleString('en')} hourly jobs of one page, ${seconds} s of the hour (1/${HOUR_S / seconds}): processor time`,
        ours: round(cores),
        unit: `of ${availableParallelism()} cores`,
        peers: [
          { name: 'runs', value: runs.length },
          { name: 'processor time a run, ms', value: Math.round((cores * (until - from)) / runs.length) },
          { name: 'due to outcome at most, ms', value: late.at(-1) },
        ],
        ...ratioTo('its budget', cores, BUDGET.cores),
        ...atMost(cores, BUDGET.cores, { unit: 'cores', why: WHY }),
      },
    ];
  } finally {
    await scheduler.end();
    db.close();
    site.disconnect();
    await removeHome(home);
  }
}

/** The runs that were due between two instants, once all have succeeded. */
async function finished(db, from, until) {
  for (;;) {
    const runs = db.all(
      'SELECT status, scheduled_for AS scheduled, finished_at AS finishedAt FROM runs WHERE scheduled_for BETWEEN ? AND ?',
      [from, until],
    );
    if (runs.every(({ finishedAt }) => finishedAt !== null)) {
      const bad = runs.filter(({ status }) => status !== 'succeeded').length;
      if (bad > 0) throw new Error(`${bad} of ${runs.length} runs did not succeed`);
      return runs;
    }
    await delay(100);
  }
}

const WHY = 'A run needs three durable writes, opening the database, its log, the request and its rows.';
