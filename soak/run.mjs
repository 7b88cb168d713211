// Lets two homes of jobs run for a long time, and checks every row against what is known from outside.
// Usage: npm run soak -- --minutes N [--jobs 200] [--rate RUNS_PER_SECOND] [--seed N] [--json FILE] [--keep] [--interpreted]
// By default 0.6 runs a second for each core. A rate that overloads the machine only makes everything late.
// --interpreted runs the calm scheduler without V8's compilers, whose code grows for hours and hides slower growth.
//
// The calm home has one scheduler from beginning to end: its memory, descriptors and start delays are measured. In the
// stormy home schedulers and workers are killed. In both, jobs are edited, deleted, restored, run and cancelled.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EDITS } from './edits.mjs';
import { checkRows, growth, startDelays } from './figures.mjs';
import { SoakHome } from './home.mjs';
import { makeJobs } from './jobs.mjs';
import { randomFrom } from './random.mjs';
import { print, rowsOf } from './report.mjs';
import { openSite } from './site.mjs';
import { STORMS } from './storms.mjs';
import { SETTLE_MS } from './timeline.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '200' },
    rate: { type: 'string', default: String(0.6 * cpus().length) },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'string' },
    keep: { type: 'boolean', default: false },
    interpreted: { type: 'boolean', default: false },
  },
});
const [minutes, jobs, rate, seed] = ['minutes', 'jobs', 'rate', 'seed'].map((name) => Number(values[name]));
if (![minutes, jobs, rate].every((n) => n > 0) || !Number.isInteger(seed)) {
  console.error('minutes, jobs and rate are numbers above 0, seed is a whole number');
  process.exit(2);
}

const READ_EVERY_MS = 5_000;
const EDIT_EVERY_MS = 3_000;
const STORM_EVERY_MS = 8_000;

const random = randomFrom(seed);
const folder = mkdtempSync(join(tmpdir(), 'quickscrape-soak-'));
const errors = [];
const counts = {};
const busy = new Set();
const lostEdits = [];
let over = false;
let well = false;
console.log(`${minutes} minutes, ${jobs} jobs, ${rate} runs/s, seed ${seed}, in ${folder}`);

const site = await openSite(random);
const homes = { calm: newHome('calm', true), storm: newHome('storm', false) };
const both = Object.values(homes);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, giveUp);

try {
  well = await soak();
} catch (error) {
  console.error(error);
} finally {
  await endAll();
  if (well && !values.keep) rmSync(folder, { recursive: true, force: true });
  else console.log(`left as it is: ${folder}`);
}
process.exitCode = well ? 0 : 1;

function newHome(name, probed) {
  mkdirSync(join(folder, name), { mode: 0o700 });
  return new SoakHome(name, join(folder, name), { probed, interpreted: probed && values.interpreted });
}

async function soak() {
  for (const home of both) {
    await makeJobs(home, Math.ceil(jobs / 2), rate / 2, site, random);
    await home.startScheduler();
  }
  const calmPid = homes.calm.scheduler.pid;
  for (const home of both)
    for (const job of home.jobs) job.timeline.open(job.schedule, Date.now() + SETTLE_MS);

  const end = Date.now() + minutes * 60_000;
  await Promise.all([
    ...both.map((home) => every(READ_EVERY_MS, end, () => home.read())),
    ...both.map((home) => every(2 * EDIT_EVERY_MS, end, () => void edit(home))),
    every(STORM_EVERY_MS, end, () => attempt(drawn(STORMS), homes.storm, random)),
  ]);
  over = true;
  for (let wait = 0; busy.size > 0 && wait < 600; wait += 1) await delay(100);
  const calmSurvived = homes.calm.scheduler.pid === calmPid && homes.calm.scheduler.exitCode === null;
  await wayOut();
  return tell(calmSurvived);
}

/** No occurrence comes any more; what has begun ends. */
async function wayOut() {
  const stopped = Date.now();
  const lost = [];
  for (const home of both) {
    for (const job of home.jobs) {
      job.timeline.close(home.decidedUntil(stopped) - SETTLE_MS);
      const stored = await home.manager.getJob(job.id);
      if (stored?.description !== job.description)
        lost.push(`${job.id} is described "${stored?.description}", not "${job.description}"`);
      await patiently(() => stored?.disable());
    }
  }
  lostEdits.push(...lost);
  const end = Date.now() + 90_000;
  while (both.some((home) => home.active().length > 0) && Date.now() < end) {
    for (const home of both) home.read();
    await delay(500);
  }
  for (const home of both) home.read();
}

/** The end has to come also when the machine is so busy that the store's lock is not free within its ten seconds. */
async function patiently(work) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (error.code !== 'store_unavailable' || tries === 10) throw error;
      counts.waitedForTheLock = (counts.waitedForTheLock ?? 0) + 1;
    }
  }
}

function tell(calmSurvived) {
  const [calm, storm] = both.map((home) => checkRows(home, site));
  const samples = homes.calm.samples();
  const figures = {
    minutes,
    calm,
    storm,
    growth: samples.length >= 3 ? growth(samples) : undefined,
    delays: startDelays(homes.calm),
    errors,
    lostEdits,
    calmSurvived,
  };
  const rows = rowsOf(figures);
  const runs = both.flatMap((home) => [...home.ledger.values()]);
  const outcomes = {};
  for (const { status } of runs) outcomes[status] = (outcomes[status] ?? 0) + 1;
  console.log(
    `${runs.length} runs of ${site.total()} pages: ${formatNumbers(outcomes)}\nmeanwhile: ${formatNumbers(counts)}; the stormy home had ${homes.storm.starts} schedulers\n`,
  );
  print(rows);
  const evidence = { ...figures, samples };
  for (const key of ['misses', 'strays', 'twice', 'lost'])
    for (const line of [...calm[key], ...storm[key]].slice(0, 20)) console.log(`  ${key}: ${line}`);
  for (const line of [...lostEdits, ...errors].slice(0, 20)) console.log(`  ${line}`);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  if (values.json)
    writeFileSync(
      values.json,
      JSON.stringify({ machine, minutes, jobs, rate, seed, outcomes, counts, rows, evidence }, null, 2),
    );
  return rows.every(({ met }) => met);
}

async function every(ms, end, work) {
  while (Date.now() < end) {
    await delay(Math.min(ms, Math.max(0, end - Date.now())));
    if (Date.now() < end) await work();
  }
}

async function edit(home) {
  const job = random.pick(home.jobs);
  if (busy.has(job.id)) return;
  busy.add(job.id);
  await attempt(drawn(EDITS), home, job, random);
  busy.delete(job.id);
}

async function attempt(work, ...args) {
  counts[work.name] = (counts[work.name] ?? 0) + 1;
  try {
    await work(...args);
  } catch (error) {
    if (!over || busy.size > 0) errors.push(`${work.name}: ${error.stack ?? error}`);
  }
}

function drawn(weighted) {
  let left = random.next() * weighted.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, work] of weighted) {
    left -= weight;
    if (left < 0) return work;
  }
  return weighted[0][1];
}

function formatNumbers(numbers) {
  return Object.entries(numbers)
    .map(([name, n]) => `${n} ${name.replace('_', ' ')}`)
    .join(', ');
}

async function endAll() {
  for (const home of both) {
    if (home.scheduler && home.scheduler.exitCode === null) await home.killScheduler('SIGTERM');
    home.close();
  }
  site.close();
}

function giveUp() {
  // Also one that a storm is just starting.
  for (const home of both) for (const child of home.children) child.kill('SIGKILL');
  console.log(`left as it is: ${folder}`);
  process.exit(130);
}
