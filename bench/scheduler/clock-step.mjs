import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { elapsed, inTurn, shown, spreadOf } from '../rounds.mjs';
import { atMost, notMeasured, ratioTo } from '../verdict.mjs';
import { HomeDatabase } from './home-database.mjs';
import { startedScheduler } from './program.mjs';
import { NO_CLOCK, SetClock } from './set-clock.mjs';
import { steppedPeers } from './stepped-peers.mjs';

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
 * @returns what gives the rows, once the peers are through, which sleep for half a minute: something else can be done meanwhile
 */
export async function clockStep({ rounds = 5, isSmoke }) {
  const sizes = isSmoke ? [2, 3, 4] : SIZES;
  if (NO_CLOCK) return async () => sizes.map(missingRow);
  // So far away that the job does not become due by itself meanwhile.
  const minute = (new Date().getUTCMinutes() + 30) % 60;
  const beside = steppedPeers({ step: HOUR, minute }, { rounds, isSmoke });
  // It is waited for later.
  beside.catch(() => {});
  const homes = [];
  try {
    for (const jobs of sizes) homes.push(await SteppedHome.of(jobs, minute));
    const took = await inTurn(
      homes.map((home) => () => home.step()),
      rounds,
    );
    const figures = took.map(spreadOf);
    return async () => {
      const others = await beside;
      return sizes.map((jobs, index) => row(jobs, figures[index], others, jobs === sizes.at(-1)));
    };
  } finally {
    for (const home of homes) await home.end();
  }
}

const nameOf = (jobs) => `${WHAT}, ${jobs.toLocaleString('en')} jobs`;

/** The design's budget is for many jobs. */
function row(jobs, us, { peers, without }, isMost) {
  const { value, spread } = shown(us);
  return {
    name: nameOf(jobs),
    ours: value,
    spread,
    unit: 'ms',
    peers,
    ...(without.length > 0 && { without }),
    ...ratioTo('its budget', us.median, BUDGET_MS),
    ...(isMost && atMost(us.median, BUDGET_MS, { unit: 'ms', why: WHY })),
  };
}

function missingRow(jobs, index, { length }) {
  const isMost = index === length - 1;
  const judged = isMost
    ? notMeasured('at most', BUDGET_MS, { unit: 'ms', why: WHY }, NO_CLOCK)
    : { without: [NO_CLOCK] };
  return { name: nameOf(jobs), ours: null, unit: 'ms', peers: [], ...judged };
}

/** A home with a scheduler whose clock is its own. One of its jobs is due each hour, the others half a year from now. */
class SteppedHome {
  #home;
  #db;
  #clock;
  #scheduler;

  static async of(jobs, minute) {
    const hourly = JobSchedule.hourly(minute, { timezone: 'Etc/UTC' }).toDict();
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
