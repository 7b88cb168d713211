import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { elapsed, shown, spreadOf } from '../rounds.mjs';
import { ratioTo } from '../verdict.mjs';
import { SLOTS } from './due-at-once.mjs';
import { OnePageSite } from './one-page-site.mjs';
import { startedScheduler } from './program.mjs';

const JOBS = 10;
/** An occurrence a minute, so that the workers have been dismissed and others are started ahead. */
const REAL = { everySeconds: 60, occurrences: 4 };
const SMOKE = { everySeconds: 5, occurrences: 1 };
/** The scheduler starts workers two seconds before the instant of their runs. */
const WORKER_LEAD_MS = 3_000;
const NODE = 'node -e 0';

/**
 * From an instant at which ten jobs are due together to the first request of each one's run, as its own site sees it. Four
 * of them have a worker that is ready; the others wait for a slot.
 */
export async function dueTogether({ isSmoke }) {
  const { everySeconds, occurrences } = isSmoke ? SMOKE : REAL;
  const sites = Array.from({ length: JOBS }, () => new OnePageSite());
  let home;
  let scheduler;
  try {
    home = await homeOf(sites, everySeconds);
    ({ scheduler } = await startedScheduler(home));
    const rounds = [];
    for (let left = occurrences; left > 0; left -= 1) rounds.push(await delaysOf(sites, everySeconds * 1000));
    const node = [];
    for (let left = isSmoke ? 1 : 9; left > 0; left -= 1)
      node.push(await elapsed(() => once(spawn(process.execPath, ['-e', '0']), 'close')));
    return [rowOf(rounds, spreadOf(node))];
  } finally {
    await scheduler?.end();
    for (const site of sites) site.close();
    if (home) await removeHome(home);
  }
}

async function homeOf(sites, everySeconds) {
  const urls = await Promise.all(sites.map((site) => site.listening()));
  const rule = everySeconds === 60 ? '0 * * * * *' : `*/${everySeconds} * * * * *`;
  return await jobHome(JOBS, (index) => ({ config_name: `site-${index}` }), {
    schedule: JobSchedule.custom(rule, { timezone: 'Etc/UTC' }),
    // Each job has a host of its own, so that no limit for a host holds its run back.
    configs: Object.fromEntries(
      urls.map((url, index) => [`site-${index}`, `url: ${url}\nitem: li\nselectors: { name: b }\n`]),
    ),
  });
}

/** From the next instant to each job's first request, in ms, the soonest first. */
async function delaysOf(sites, period) {
  const instant = Math.ceil((Date.now() + WORKER_LEAD_MS) / period) * period;
  const pages = sites.map((site) => site.pageAfter(instant));
  const requests = await Promise.all(sites.map((site) => site.requestAfter(instant)));
  await Promise.all(pages);
  await delay(500);
  return requests.map((at) => at - instant).toSorted((a, b) => a - b);
}

function rowOf(rounds, bare) {
  const all = rounds.flat();
  const first = rounds.flatMap((delays) => delays.slice(0, SLOTS));
  return {
    name: `scheduler, due to the first request of the run, ${JOBS} jobs due together, p95 of ${all.length}`,
    ours: p95Of(all),
    unit: 'ms',
    peers: [
      { name: `p95 of the first ${SLOTS} of each instant`, value: p95Of(first) },
      { name: `median of the first ${SLOTS}`, ...shown(spreadOf(first)) },
      { name: `median of all ${JOBS}`, ...shown(spreadOf(all)) },
      { name: NODE, ...shown(bare) },
    ],
    ...ratioTo(NODE, p95Of(all), bare.median),
  };
}

function p95Of(delays) {
  return delays.toSorted((a, b) => a - b)[Math.ceil(0.95 * delays.length) - 1];
}
