import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { growth, growthNotMeasured } from '../growth.mjs';
import { jobHome, removeHome } from '../job-home.mjs';
import { elapsed, inTurn, shown, spreadOf } from '../rounds.mjs';
import { atMost, notMeasured, ratioTo } from '../verdict.mjs';
import { HomeDatabase } from './home-database.mjs';
import { startedScheduler } from './program.mjs';

const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));
const MISSING = 'a clock that is set: not measured, libfaketime is not there: apt-get install faketime';
const WHAT = 'scheduler, clock set over a due job: until its run is started';
const SIZES = [10, 1_000, 10_000];
const BUDGET_MS = 5_000;
const HOUR = 3_600_000;
/** Half a year from now. */
const FAR = JobSchedule.custom(`0 9 1 ${((new Date().getMonth() + 6) % 12) + 1} *`, { timezone: 'Etc/UTC' });
/** Each step has a run of its own to start: the one before may not be over, and may not be tried again instead. */
const ANEW = { overlap: 'allow', max_retries: 0 };
const WHY = 'A scheduler looks at the clock every 5 s at least; what comes on top is the start of the run.';

/**
 * The wall clock of a real scheduler is set an hour ahead, over an hourly job's instant: how long after that the job's run
 * has been started. With homes of few jobs and of many, of which one is due.
 */
export async function clockStep({ rounds = 5, isSmoke }) {
  const sizes = isSmoke ? [2, 3, 4] : SIZES;
  if (LIBRARY === undefined)
    return sizes.map(missingRow).concat(growthNotMeasured(WHAT, sizes, 'jobs', MISSING));
  const homes = [];
  try {
    for (const jobs of sizes) homes.push(await SteppedHome.of(jobs));
    const took = await inTurn(
      homes.map((home) => () => home.step()),
      rounds,
    );
    const figures = took.map(spreadOf);
    return [
      ...sizes.map((jobs, index) => row(jobs, figures[index], jobs === sizes.at(-1))),
      growth(
        WHAT,
        sizes.map((n, index) => ({ n, cost: figures[index].median })),
      ),
    ];
  } finally {
    for (const home of homes) await home.end();
  }
}

const nameOf = (jobs) => `${WHAT}, ${jobs.toLocaleString('en')} jobs`;

/** The design's budget is for many jobs. */
function row(jobs, us, isMost) {
  const { value, spread } = shown(us);
  return {
    name: nameOf(jobs),
    ours: value,
    spread,
    unit: 'ms',
    // Too long to be measured here each time: once, with the clock set ahead by 200 s.
    without: ['croner 11: 27,000 (measured once)', 'node-schedule 2: 200,000 (measured once)'],
    peers: [],
    ...ratioTo('its budget', us.median, BUDGET_MS),
    ...(isMost && atMost(us.median, BUDGET_MS, { unit: 'ms', why: WHY })),
  };
}

function missingRow(jobs, index, { length }) {
  const isMost = index === length - 1;
  const judged = isMost
    ? notMeasured('at most', BUDGET_MS, { unit: 'ms', why: WHY }, MISSING)
    : { without: [MISSING] };
  return { name: nameOf(jobs), ours: null, unit: 'ms', peers: [], ...judged };
}

/** A home with a scheduler whose clock is its own. One of its jobs is due each hour, the others half a year from now. */
class SteppedHome {
  #home;
  #db;
  #clock;
  #scheduler;

  static async of(jobs) {
    const hourly = JobSchedule.hourly(30, { timezone: 'Etc/UTC' }).toDict();
    const home = await jobHome(jobs, (index) => (index === 0 ? { schedule: hourly, ...ANEW } : {}), {
      schedule: FAR,
    });
    const clock = new SetClock(home);
    const { scheduler } = await startedScheduler(home, clock.env);
    return new SteppedHome(home, await HomeDatabase.of(home), clock, scheduler);
  }

  constructor(home, db, clock, scheduler) {
    this.#home = home;
    this.#db = db;
    this.#clock = clock;
    this.#scheduler = scheduler;
  }

  /** Milliseconds from the step until the run is started. */
  async step() {
    // Not in step with anything that the scheduler does.
    await delay(300 + Math.random() * 700);
    const before = started(this.#db);
    this.#clock.advance(HOUR);
    return elapsed(async () => {
      while (started(this.#db) === before) await delay(2);
    });
  }

  async end() {
    await this.#scheduler.end();
    this.#db.close();
    await removeHome(this.#home);
  }
}

/** How many runs have been given to a process; an occurrence that was passed over has none. */
function started(db) {
  return db.all("SELECT count(*) AS runs FROM runs WHERE status NOT IN ('queued', 'skipped', 'missed')")[0]
    .runs;
}

/** The wall clock of processes: their monotonic clock stays the real one. */
class SetClock {
  #file;
  #ahead = 0;

  constructor(folder) {
    this.#file = join(folder, 'faketime');
    this.advance(0);
  }

  get env() {
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1',
      NO_FAKE_STAT: '1',
    };
  }

  advance(ms) {
    this.#ahead += ms;
    writeFileSync(`${this.#file}.new`, `+${(this.#ahead / 1000).toFixed(3)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
