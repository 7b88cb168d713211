import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { growth } from '../growth.mjs';
import { jobHome } from '../job-home.mjs';
import { round } from '../rounds.mjs';
import { isThere, peerName } from './peer-names.mjs';
import { peerProgram, startedScheduler } from './program.mjs';

/** Half a year from now: nothing is due meanwhile. */
const RULE = `0 9 1 ${((new Date().getMonth() + 6) % 12) + 1} *`;
const ZONE = 'Europe/Berlin';

const BUDGETS = { 10000: { cpu: 0.5, mb: 20 }, 100000: { cpu: 1, mb: 150 } };
const SIZES = {
  scheduler: [1_000, 10_000, 100_000],
  // With 100,000 jobs it runs out of memory: 83 KB each.
  croner: [1_000, 10_000],
  // These take a millisecond and more to make each.
  'node-schedule': [1_000],
  bree: [1_000],
  'toad-scheduler': [1_000],
};
const SMOKE = {
  scheduler: [10, 20, 30],
  croner: [10],
  'node-schedule': [10],
  bree: [10],
  'toad-scheduler': [10],
};

/**
 * What comes once is not idleness: half a minute after the start the first look at all files, then what V8 collects of
 * loading, a minute after it the day's sweep.
 */
const SETTLE_MS = 65_000;
/** Long enough for one of the looks that come every half a minute. */
const IDLE_MS = 45_000;
/** In percent: of what the system counts, one step in such a time. */
const LEAST_CPU = 1 / 45;
/** From so many jobs on a look takes so long that it comes less often than that: it is counted at the most that it may take. */
const RARE_FROM = 50_000;
const LOOK_PERCENT = 0.5;

/**
 * Processor time and memory of programs with many jobs of which none is due, over the same programs without a job: the
 * real scheduler on a home, and libraries in a process with nothing else. All idle at the same time.
 */
export async function idle({ isSmoke, meanwhile = () => {} }) {
  const sizes = isSmoke ? SMOKE : SIZES;
  const homes = [];
  const programs = [];
  try {
    const making = startPeers(sizes, programs);
    for (const jobs of [0, ...sizes.scheduler])
      homes.push({
        jobs,
        home: await jobHome(jobs, undefined, { schedule: JobSchedule.custom(RULE, { timezone: ZONE }) }),
      });
    await making;
    // One after the other, while nothing else happens: their start is measured.
    for (const { jobs, home } of homes)
      programs.push({ kind: 'scheduler', jobs, ...renamed(await startedScheduler(home)) });
    await Promise.all([meanwhile(), delay(isSmoke ? 100 : SETTLE_MS)]);
    await measure(programs, isSmoke ? 300 : IDLE_MS);
    return rowsOf(programs, sizes.scheduler);
  } finally {
    await Promise.all(programs.map(({ program }) => program.end()));
    for (const { home } of homes) rmSync(home, { recursive: true, force: true });
  }
}

const renamed = ({ scheduler, readyMs }) => ({ program: scheduler, readyMs });

async function startPeers(sizes, programs) {
  for (const [kind, counts] of Object.entries(sizes)) {
    if (kind === 'scheduler' || !isThere(kind)) continue;
    for (const jobs of [0, ...counts]) {
      const program = peerProgram('many-jobs', kind, jobs, RULE, ZONE);
      programs.push({ kind, jobs, program });
      await program.said('ready');
    }
  }
}

/** Notes of each program what it takes in so many milliseconds, in percent of a processor, and what it holds at their end. */
async function measure(programs, ms) {
  for (const each of programs) each.before = { at: performance.now(), cpu: each.program.cpuMs() };
  await delay(ms);
  for (const each of programs) {
    const used = each.program.cpuMs() - each.before.cpu;
    const looks = each.kind === 'scheduler' && each.jobs >= RARE_FROM ? LOOK_PERCENT : 0;
    each.cpu = (100 * used) / (performance.now() - each.before.at) + looks;
    each.mb = each.program.mb();
  }
}

function rowsOf(programs, sizes) {
  const over = (kind, jobs, figure) => {
    const found = programs.find((each) => each.kind === kind && each.jobs === jobs);
    const empty = programs.find((each) => each.kind === kind && each.jobs === 0);
    return found && found[figure] - empty[figure];
  };
  const peersOf = (figure, digits) =>
    programs
      .filter(({ kind, jobs }) => kind !== 'scheduler' && jobs > 0)
      .map(({ kind, jobs }) => ({
        name: `${peerName(kind)}, ${said(jobs)}`,
        value: round(over(kind, jobs, figure), digits),
      }));
  const row = (jobs, figure, unit, digits) => {
    const ours = over('scheduler', jobs, figure);
    const empty = programs.find(({ kind, jobs: none }) => kind === 'scheduler' && none === 0);
    const peers = [
      { name: 'an empty home', value: round(empty[figure], digits) },
      ...peersOf(figure, digits),
    ];
    const what = figure === 'cpu' ? 'idle' : 'memory';
    const name = `scheduler, ${said(jobs)} jobs: ${what} over an empty home`;
    const found = { name, ours: round(ours, digits), unit, peers };
    const budget = BUDGETS[jobs]?.[figure];
    if (budget === undefined) return found;
    const ratio = round(ours / budget);
    const why = WHY[figure];
    return { ...found, ratio, budget: `${budget} ${unit}`, met: ratio <= 1, ...(why && { why }) };
  };
  const [least, ...judged] = sizes;
  const curve = (figure) =>
    sizes.map((n) => ({
      n,
      cost: programs.find(({ kind, jobs }) => kind === 'scheduler' && jobs === n)[figure],
    }));
  return [
    ...judged.map((jobs) => row(jobs, 'cpu', '% CPU', 2)),
    ...judged.map((jobs) => row(jobs, 'mb', 'MB', 0)),
    startRow(programs, least),
    growth('scheduler, start until ready', curve('readyMs')),
    growth(
      'scheduler, idle CPU',
      curve('cpu').map(({ n, cost }) => ({ n, cost: Math.max(cost, LEAST_CPU) })),
      'jobs',
      '% CPU',
    ),
  ];
}

/** Shown, since the design has no budget for it. */
function startRow(programs, least) {
  const [first, ...others] = programs
    .filter(({ kind, jobs }) => kind === 'scheduler' && jobs >= least)
    .map(({ jobs, readyMs }) => ({ name: `${said(jobs)} jobs`, value: Math.round(readyMs) }));
  return {
    name: `scheduler, start until ready, ${first.name}`,
    ours: first.value,
    unit: 'ms',
    peers: others,
  };
}

const said = (count) => count.toLocaleString('en');

const WHY = {
  cpu: 'A look at all files, an lstat each, may take a two-hundredth of the time, 0.5 %, which is counted whole for 100,000 jobs; the rest is the look for what others wrote, four times a second, which an empty home has as well.',
  mb: 'By a snapshot of the heap a job takes 1.5 KB, so that 10,000 take 15 MB: its parsed definition (1 KB, kept so that a due job is not read and checked again), its plan and the version of its file. What is beyond is not told apart: room that V8 keeps after loading, SQLite, and code that an empty home never runs.',
};
