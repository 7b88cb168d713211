import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { jobHome, removeHome } from '../job-home.mjs';
import { HomeDatabase } from './home-database.mjs';
import { startedScheduler } from './program.mjs';

/** How often is looked for rows. */
const LOOK_MS = 1;
const EVERY_SECONDS = 2;
/** Of no machine: what holds each run, so that queueing is all there is to do. */
const FREE_SPACE_MIB = 1_000_000;
/** The scheduler starts workers two seconds before the instant of their runs, and must be ready by then. */
const WORKER_LEAD_MS = 2_200;
/** With so much time before the instant no other work on the machine explains a job that is late. */
const MAX_LEAD_MS = 60_000;
/** Whatever became of a run: it was queued for its instant. */
const STARTED = ['queued', 'starting', 'running', 'waiting_retry', 'succeeded', 'failed'];
/** Of the default: so many runs are started at once. */
export const SLOTS = 4;

/** A home with so many jobs due at one instant, again and again, each a page of one of several hosts. */
export class DueAtOnce {
  jobs;
  #home;
  /** Also figures of jobs that were queued late count: nothing is asked of them. */
  #isSmoke;

  /** @param urls as many as no limit for a host holds a run back */
  static async with(jobs, urls, isSmoke = false) {
    const configs = urls.map((url, index) => [
      `site-${index}`,
      `url: ${url}\nitem: li\nselectors: { name: a }\n`,
    ]);
    const home = await jobHome(jobs, (index) => ({ config_name: `site-${index % urls.length}` }), {
      schedule: JobSchedule.custom(`*/${EVERY_SECONDS} * * * * *`, { timezone: 'Etc/UTC' }),
      configs: Object.fromEntries(configs),
    });
    return new DueAtOnce(jobs, home, isSmoke);
  }

  constructor(jobs, home, isSmoke) {
    this.jobs = jobs;
    this.#home = home;
    this.#isSmoke = isSmoke;
  }

  /**
   * From a start of the scheduler on: how long after their instant each job's row was there, for everybody to see.
   * @returns `queued`, in ms, none of whose runs was started: the disk is said to be too full
   */
  async heldBack() {
    this.#settings({ min_free_space: FREE_SPACE_MIB });
    const least = 1_000 + this.jobs / 8;
    return this.#measured(least, (db, due) => {
      const queued = seenUntil(db, this.jobs);
      return () => {
        return this.#areThere(db, due, ['queued']) && { queued: queued.map((at) => at - due) };
      };
    });
  }

  /**
   * The same while their runs start, as many at once as there are slots.
   * @returns `queued`, and `started`, how long after the instant the last of the first runs was started, in ms
   */
  async started() {
    this.#settings({});
    const first = Math.min(SLOTS, this.jobs);
    const least = 1_000 + this.jobs / 8 + WORKER_LEAD_MS;
    return this.#measured(least, async (db, due) => {
      const queued = seenUntil(db, this.jobs);
      const started = await startOf(db, due, first);
      return () => {
        return (
          this.#areThere(db, due, STARTED) && {
            queued: queued.map((at) => at - due),
            started: started - due,
          }
        );
      };
    });
  }

  end() {
    return removeHome(this.#home);
  }

  #areThere(db, due, states) {
    return this.#isSmoke || areThere(db, this.jobs, due, states);
  }

  #settings(settings) {
    writeFileSync(join(this.#home, 'settings.yaml'), JSON.stringify(settings));
  }

  /**
   * @param leastMs after which the scheduler should be ready and have planned
   * @param measure returns what says the figures once the scheduler is gone; nothing when they are of no use
   */
  async #measured(leastMs, measure) {
    const db = await HomeDatabase.of(this.#home);
    const step = EVERY_SECONDS * 1000;
    const due = Math.ceil((Date.now() + leastMs) / step) * step;
    // A job whose run waits still would be passed over.
    db.forgetRuns();
    db.decidedUntil(due);
    const { scheduler } = await startedScheduler(this.#home);
    let figures;
    try {
      if (Date.now() < due - leastMs / 2) {
        await delay(due - 20 - Date.now());
        figures = await measure(db, due);
      }
      // At once: a thousand jobs have what stands in their files written first by one that is asked to stop.
      await scheduler.end();
      await restOf(db);
      const found = figures?.();
      if (found) return found;
    } finally {
      await scheduler.end();
      db.close();
    }
    // A machine that is busy with other things was late with some of them.
    if (leastMs > MAX_LEAD_MS) throw new Error(`not all of ${this.jobs} jobs were queued for their instant`);
    return this.#measured(2 * leastMs, measure);
  }
}

/**
 * When each of the first `count` rows of runs could be seen, epoch milliseconds. Nothing else goes on in this process
 * meanwhile.
 */
function seenUntil(db, count) {
  const seen = [];
  const end = Date.now() + 60_000;
  while (seen.length < count) {
    const there = Math.min(db.newestRow(), count);
    const now = Date.now();
    while (seen.length < there) seen.push(now);
    if (now > end) throw new Error(`${seen.length} of ${count} due jobs were queued within a minute`);
    pause(LOOK_MS);
  }
  return seen;
}

/** When the last of the first `count` runs was started, as its process says, epoch milliseconds. */
async function startOf(db, due, count) {
  const end = Date.now() + 60_000;
  for (;;) {
    const all = db.all(
      `SELECT started_at AS at FROM runs
       WHERE scheduled_for = ? AND started_at IS NOT NULL ORDER BY started_at LIMIT ?`,
      [due, count],
    );
    if (all.length === count) return all.at(-1).at;
    if (Date.now() > end) throw new Error(`${all.length} of ${count} runs were started within a minute`);
    await delay(20);
  }
}

/** Until the runs are over that have outlived their scheduler; what it had only begun to start finds nothing to do. */
async function restOf(db) {
  const end = Date.now() + 2_000;
  const isLeft = () =>
    db.all("SELECT 1 FROM runs WHERE status IN ('starting', 'running') LIMIT 1").length > 0;
  while (isLeft() && Date.now() < end) await delay(20);
}

/** Whether each of so many jobs has a run for its instant, in one of some states. */
function areThere(db, jobs, due, states) {
  const [{ there }] = db.all(
    `SELECT count(DISTINCT job_id) AS there FROM runs
     WHERE rowid <= ? AND scheduled_for = ? AND trigger = 'schedule' AND status IN (${states.map(() => '?')})`,
    [jobs, due, ...states],
  );
  return there === jobs;
}

const cell = new Int32Array(new SharedArrayBuffer(4));
const pause = (ms) => Atomics.wait(cell, 0, 0, ms);
