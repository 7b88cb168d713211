import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { jobHome } from '../job-home.mjs';
import { elapsed, shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { HomeDatabase } from './home-database.mjs';
import { startedScheduler } from './program.mjs';

const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));
const BUDGET_MS = 5_000;
const HOUR = 3_600_000;
const WHY = 'A scheduler looks at the clock every 5 s at least; what comes on top is the start of the run.';

/**
 * The wall clock of a real scheduler is set an hour ahead, over an hourly job's instant: how long after that the job's run
 * has been started.
 */
export async function clockStep({ rounds = 5 }) {
  if (LIBRARY === undefined) {
    console.error('A clock that is set is not measured: apt-get install faketime');
    return [];
  }
  const home = await jobHome(1, undefined, { schedule: JobSchedule.hourly(30, { timezone: 'Etc/UTC' }) });
  const db = await HomeDatabase.of(home);
  const clock = new SetClock(home);
  const { scheduler } = await startedScheduler(home, clock.env);
  try {
    const took = [];
    for (let left = rounds; left > 0; left -= 1) {
      // Not in step with anything that the scheduler does.
      await delay(300 + Math.random() * 700);
      const before = started(db);
      clock.advance(HOUR);
      took.push(
        await elapsed(async () => {
          while (started(db) === before) await delay(2);
        }),
      );
    }
    const us = spreadOf(took);
    const { value, spread } = shown(us);
    return [
      {
        name: 'scheduler, clock set over a due job: until its run is started',
        ours: value,
        spread,
        unit: 'ms',
        // Too long to be measured here each time: once, with the clock set ahead by 200 s.
        peers: [
          { name: 'croner 11, measured once', value: 27_000 },
          { name: 'node-schedule 2, measured once', value: 200_000 },
        ],
        ...ratioTo('its budget', us.median, BUDGET_MS),
        ...atMost(us.median, BUDGET_MS, { unit: 'ms', why: WHY }),
      },
    ];
  } finally {
    await scheduler.end();
    db.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** How many runs have been given to a process. */
function started(db) {
  return db.all("SELECT count(*) AS runs FROM runs WHERE status <> 'queued' AND trigger <> 'manual'")[0].runs;
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
