import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jobHome, removeHome } from '../job-home.mjs';
import { round } from '../rounds.mjs';
import { Program, startedScheduler } from '../scheduler/program.mjs';
import { startedRedis } from '../scheduler/redis.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { bundledLinks } from './bundled-links.mjs';
import { invite, remoteSettings } from './remote-workers.mjs';

/** What comes once after a start is not idleness: see scheduler/idle.mjs. */
const REAL = { workers: 50, settleMs: 65_000, windowMs: 90_000 };
const QUICK = { workers: 50, settleMs: 20_000, windowMs: 30_000 };
const SMOKE = { workers: 2, settleMs: 0, windowMs: 500 };
const BUDGETS = { cpu: 1.5, mb: 20 };
const LOCAL = 'a home without workers';
const NO_WORKER = 'a home with Redis, and no worker';

/** An idle home with many workers that have nothing to do, beside one whose runs stay on this machine, at the same time. */
export async function idle({ isSmoke, isQuick }) {
  const { workers, settleMs, windowMs } = isSmoke ? SMOKE : isQuick ? QUICK : REAL;
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const redis = await startedRedis();
  const settings = remoteSettings(redis);
  const homes = [
    await jobHome(1),
    await jobHome(1, undefined, { settings }),
    await jobHome(1, undefined, { settings }),
  ];
  const programs = [];
  try {
    const invitations = [];
    for (let number = 1; number <= workers; number += 1)
      invitations.push(await invite(homes[2], `w${number}`));
    const file = join(folder, 'invitations.json');
    writeFileSync(file, JSON.stringify(invitations), { mode: 0o600 });
    for (const home of homes) programs.push((await startedScheduler(home)).scheduler);
    const links = new Program([await bundledLinks(folder), file]);
    programs.push(links);
    await links.said('all are there');
    await delay(settleMs);
    const before = programs.map((program) => program.cpuMs());
    const from = performance.now();
    await delay(windowMs);
    const ms = performance.now() - from;
    const cpu = homes.map((_, index) => (100 * (programs[index].cpuMs() - before[index])) / ms);
    return [
      row(workers, 'CPU', cpu, '% CPU', BUDGETS.cpu),
      row(workers, 'memory', mbOf(programs), 'MB', BUDGETS.mb),
    ];
  } finally {
    for (const program of programs) await program.end();
    await redis.end();
    for (const home of homes) await removeHome(home);
    rmSync(folder, { recursive: true, force: true });
  }
}

const mbOf = (programs) => programs.slice(0, 3).map((program) => program.mb());

function row(workers, what, [local, none, all], unit, budget) {
  return {
    name: `workers, ${workers} that are idle: ${what} of the home over one without`,
    ours: round(all - local),
    unit,
    peers: [
      { name: LOCAL, value: round(local) },
      { name: NO_WORKER, value: round(none) },
    ],
    ...ratioTo('its budget', all - local, budget),
    ...atMost(all - local, budget, { unit, why: WHY }),
  };
}

const WHY =
  'Each worker gives a sign of life every 15 s, which is opened, noted and answered; the connections to Redis and the bundle of BullMQ take memory.';
