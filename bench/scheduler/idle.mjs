import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { growth } from '../growth.mjs';
import { notInstalled } from '../peers.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { ManyHomes, startedPeers, startedWatchers } from './many-programs.mjs';
import { isThere, peerName, peerTitle } from './peer-names.mjs';
import { look } from './scan-files.mjs';
import { starts } from './start.mjs';
import { windows } from './windows.mjs';

/** Half a year from now: nothing is due meanwhile. */
const RULE = `0 9 1 ${((new Date().getMonth() + 6) % 12) + 1} *`;
const ZONE = 'Europe/Berlin';

const BUDGETS = { 10000: { cpu: 0.5, mb: 20 }, 100000: { cpu: 1, mb: 150 } };
const SIZES = { ours: [1_000, 10_000, 100_000], peers: [1_000, 10_000] };
const SMOKE = { ours: [10, 20, 30], peers: [20] };
const PEERS = ['croner', 'node-schedule', 'bree', 'toad-scheduler'];
/** Whose memory is shown beside: a watch is a part of ours. */
const WATCHER = 'chokidar';
/** What 100,000 jobs come to is not tried in each run: docs/explanation/benchmarks.md says how it went. */
const MEASURED_ONCE = {
  100000: {
    croner: 'out of memory',
    'node-schedule': 'not made in 5 minutes',
    bree: 'out of memory',
    'toad-scheduler': 'out of memory',
  },
};

/**
 * What comes once is not idleness: half a minute after the start the first look at all files, then what V8 collects of
 * loading, a minute after it the day's sweep.
 */
const SETTLE_MS = 65_000;
const LOOK_EVERY_MS = 30_000;
/**
 * Each window is as long as it takes until the next look at all files: each holds one. They overlap, as three of them after
 * each other would take twice as long; rows say so, as what is in brackets there is no spread of independent rounds.
 */
const IDLE = { steps: 44, stepMs: 1_000, window: LOOK_EVERY_MS / 1_000, every: 7 };
const SMOKE_IDLE = { steps: 4, stepMs: 150, window: 2, every: 1 };
/** From so many jobs on a look takes so long that it comes less often than that: it is counted at the most that it may take. */
const RARE_FROM = 50_000;
const LOOK_PERCENT = 0.5;
/** What a step takes in which there is such a look, in percent of a window: 100 ms. */
const LOOK_STEP_PERCENT = (100 * 100) / LOOK_EVERY_MS;
/** What a curve begins with at least, in MB and in percent of a processor: below it is noise. */
const LEAST = { mb: 1, cpu: 0.01 };

/**
 * Processor time and memory of programs with many jobs of which none is due, over the same programs without a job: the
 * real scheduler on a home, and libraries in a process with nothing else. All idle at the same time.
 *
 * @param options.beside what may go on while the peers still make their jobs
 * @param options.meanwhile what is measured while the idle ones settle
 */
export async function idle({ isSmoke, rounds, beside, meanwhile }) {
  const sizes = isSmoke ? SMOKE : SIZES;
  const homes = new ManyHomes();
  const programs = startedPeers(Object.fromEntries(PEERS.map((kind) => [kind, sizes.peers])), RULE, ZONE);
  try {
    await homes.make([0, ...sizes.ours], JobSchedule.custom(RULE, { timezone: ZONE }));
    for (const { program } of programs) program.pause();
    const peers = [...programs];
    const startRows = await starts(homes.all, programs, { rounds });
    for (const { program } of peers) program.resume();
    const watchers = startedWatchers(
      homes.all.filter(({ jobs }) => jobs === 0 || sizes.peers.includes(jobs)),
    );
    programs.push(...watchers);
    const settled = delay(isSmoke ? 100 : SETTLE_MS);
    await Promise.all([beside(), ...[...peers, ...watchers].map(({ ready }) => ready)]);
    const looks = await look(homes.all.slice(1), { rounds });
    await meanwhile();
    await settled;
    const seen = await windows(
      programs.map(({ program }) => program),
      isSmoke ? SMOKE_IDLE : IDLE,
    );
    for (const [index, each] of programs.entries()) each.windows = seen[index];
    const figures = new Figures(programs);
    return [
      ...sizes.ours.map((jobs) => figures.row(jobs, 'cpu')),
      idleGrowth(figures, sizes.ours, looks.msOf),
      ...looks.rows,
      ...sizes.ours.map((jobs) => figures.row(jobs, 'mb')),
      growth(
        'scheduler, memory over an empty home',
        sizes.ours.map((n) => ({
          n,
          cost: Math.max(LEAST.mb, spreadOf(figures.over('scheduler', n, 'mb')).median),
        })),
        'jobs',
        'MB',
      ),
      ...startRows,
    ];
  } finally {
    await Promise.all(programs.map(({ program }) => program.end()));
    homes.end();
  }
}

/** Of the same work at each size: one look at all files in half a minute, whether or not it comes as often. */
function idleGrowth(figures, sizes, lookMsOf) {
  const points = sizes.map((n) => {
    const { median } = spreadOf(figures.all('scheduler', n, 'cpu'));
    const own = n < RARE_FROM ? 0 : (100 * lookMsOf.get(n)) / LOOK_EVERY_MS - LOOK_PERCENT;
    return { n, cost: Math.max(LEAST.cpu, median + own) };
  });
  return growth('scheduler, idle CPU with a look at all files each half a minute', points, 'jobs', '% CPU');
}

const KINDS = {
  cpu: { what: 'idle over an empty home, in windows that overlap', unit: '% CPU', digits: 2 },
  mb: { what: 'memory over an empty home', unit: 'MB', digits: 0 },
};

/** What each program took, window by window. */
class Figures {
  #programs;

  constructor(programs) {
    this.#programs = programs;
  }

  /** Of each window; `undefined` where there is no such program. */
  all(kind, jobs, figure) {
    const found = this.#programs.find((each) => each.kind === kind && each.jobs === jobs);
    if (figure === 'mb' || kind !== 'scheduler' || jobs < RARE_FROM)
      return found?.windows.map((each) => each[figure]);
    return found.windows.map(({ cpu, most }) => cpu - (most > LOOK_STEP_PERCENT ? most : 0) + LOOK_PERCENT);
  }

  /** Over the same program without a job, in the same window. */
  over(kind, jobs, figure) {
    const empty = this.all(kind, 0, figure);
    return this.all(kind, jobs, figure)?.map((value, index) => value - empty[index]);
  }

  row(jobs, figure) {
    const { what, unit, digits } = KINDS[figure];
    const ours = spreadOf(this.over('scheduler', jobs, figure));
    const { value, spread } = shown(ours, digits);
    const peers = this.#peersOf(jobs, figure);
    const without = MEASURED_ONCE[jobs]
      ? Object.entries(MEASURED_ONCE[jobs]).map(
          ([kind, text]) => `${peerTitle(kind)}: ${text} (measured once)`,
        )
      : PEERS.filter((kind) => !isThere(kind)).map((kind) => notInstalled(peerTitle(kind)));
    const empty = { name: 'an empty home', ...spreadOf(this.all('scheduler', 0, figure)) };
    const row = {
      name: `scheduler, ${jobs.toLocaleString('en')} jobs: ${what}`,
      ours: value,
      spread,
      unit,
      peers: [...[empty, ...peers].map(({ name, ...found }) => ({ name, ...shown(found, digits) }))],
      ...(without.length > 0 && { without }),
    };
    const budget = BUDGETS[jobs]?.[figure];
    const nearest = nearestOf(peers, figure);
    return {
      ...row,
      ...(nearest === undefined && budget !== undefined
        ? ratioTo('its budget', ours.median, budget)
        : ratioTo((nearest ?? empty).name, ours.median, Math.max(LEAST[figure], (nearest ?? empty).median))),
      ...(budget !== undefined && atMost(ours.median, budget, { unit, why: WHY[figure] })),
    };
  }

  #peersOf(jobs, figure) {
    const kinds = figure === 'mb' ? [...PEERS, WATCHER] : PEERS;
    return kinds.flatMap((kind) => {
      const all = this.over(kind, jobs, figure);
      return all === undefined ? [] : [{ kind, name: peerName(kind), ...spreadOf(all) }];
    });
  }
}

/**
 * The peer that a figure is held against: of memory the one that takes the least; of CPU croner, which looks at the clock
 * now and then as the scheduler does, where node-schedule sleeps however the clock is set.
 */
function nearestOf(peers, figure) {
  if (figure === 'cpu') return peers.find(({ kind }) => kind === 'croner');
  const schedulers = peers.filter(({ kind }) => kind !== WATCHER);
  return schedulers.toSorted((a, b) => a.median - b.median)[0];
}

const WHY = {
  cpu: 'A look at all files, an lstat each, may take a two-hundredth of the time, 0.5 %, which is counted whole for 100,000 jobs; the rest is the look for what others wrote, four times a second, which an empty home has as well.',
  mb: 'Of 10,000 jobs 8 MB come with the first job that has a time zone: Intl and the data of ICU that it reads (an empty home never asks for it); V8 keeps 3 for names, tables and the 1,000 definitions that were used last, SQLite 2 of pages, and the rest lies free between pieces that are in use.',
};
