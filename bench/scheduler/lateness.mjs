import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { growth } from '../growth.mjs';
import { jobHome } from '../job-home.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { HomeDatabase } from './home-database.mjs';
import { inOrder } from './in-order.mjs';
import { peerProgram, startedScheduler } from './program.mjs';

/** How often is looked for rows. */
const LOOK_MS = 1;
const EVERY_SECONDS = 2;
/** Of no machine: what holds each run, so that queueing is all there is to do. */
const FREE_SPACE_MIB = 1_000_000;
const BUDGET_MS = 150;
/** What a clock of milliseconds can tell. */
const LEAST_MS = 1;

/**
 * So many jobs due at one instant: how long after it each one's row is in the queue, for everybody to see. None of their
 * runs starts, since the disk is said to be too full: what is measured is what the scheduler has decided and written down.
 * Beside it as many timers and croner jobs in one process, which call a function that does nothing.
 *
 * @returns of each size what {@link latenessRows} makes rows of
 */
export async function lateness(sizes, { rounds = 3, isSmoke }) {
  return inOrder(
    sizes.map((jobs) => () => lateOf(jobs, rounds)),
    isSmoke,
  );
}

async function lateOf(jobs, rounds) {
  const home = await jobHome(jobs, undefined, {
    schedule: JobSchedule.custom(`*/${EVERY_SECONDS} * * * * *`, { timezone: 'Etc/UTC' }),
    settings: { min_free_space: FREE_SPACE_MIB },
  });
  try {
    const late = { ours: [], setTimeout: [], croner: [] };
    for (let left = rounds; left > 0; left -= 1) {
      late.ours.push(percentiles(await queuedLate(home, jobs)));
      // Each of them on a processor, so that neither waits for the other's instant.
      const [timers, croner] = await Promise.all([peerLate('setTimeout', jobs), peerLate('croner', jobs)]);
      late.setTimeout.push(percentiles(timers));
      late.croner.push(percentiles(croner));
    }
    return { jobs, late };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** @param found of three sizes, the smallest first */
export function latenessRows(found) {
  const curve = (share) =>
    found.map(({ jobs, late }) => ({ n: jobs, cost: spreadOf(late.ours.map((each) => each[share])).median }));
  return [
    ...found.flatMap(({ jobs, late }) =>
      SHARES.map((share) => row(jobs, share, late, jobs === found[1].jobs)),
    ),
    ...SHARES.map((share) => growth(`scheduler, ${share} from due to queued`, curve(share))),
  ];
}

function row(jobs, share, late, isJudged) {
  const of = (all) => spreadOf(all.map((each) => each[share]));
  const [us, croner] = [of(late.ours), of(late.croner)];
  const { value, spread } = shown(us);
  const found = {
    name: `scheduler, ${jobs.toLocaleString('en')} due at once: due to queued, ${share}`,
    ours: value,
    spread,
    unit: 'ms',
    peers: Object.entries(PEERS).map(([key, name]) => ({ name, ...shown(of(late[key])) })),
    ...ratioTo(PEERS.croner, us.median, Math.max(LEAST_MS, croner.median)),
  };
  if (!isJudged || share !== 'p99') return found;
  return { ...found, ...atMost(us.median, BUDGET_MS, { unit: 'ms', why: WHY }) };
}

const SHARES = ['p50', 'p99'];
const PEERS = { setTimeout: 'bare timers, nothing written', croner: 'croner 11, nothing written' };

function percentiles(late) {
  const all = late.toSorted((a, b) => a - b);
  const at = (share) => all[Math.floor((all.length - 1) * share)];
  return { p50: at(0.5), p99: at(0.99) };
}

async function peerLate(kind, jobs) {
  const program = peerProgram('due-timers', kind, jobs);
  return JSON.parse(await program.said(']'));
}

const WHY =
  'Each job is two statements of 20 µs each through libsql, and as much JavaScript that is run for the first time; 200 jobs share a durable transaction.';

/**
 * How late each job's row was there, from a start of the scheduler on.
 * @param leastMs after which it should be ready and have planned
 */
async function queuedLate(home, jobs, leastMs = 1_000 + jobs / 8) {
  const db = await HomeDatabase.of(home);
  const step = EVERY_SECONDS * 1000;
  const due = Math.ceil((Date.now() + leastMs) / step) * step;
  // A job whose run waits still would be passed over.
  db.forgetRuns();
  db.decidedUntil(due);
  const { scheduler } = await startedScheduler(home);
  let seen;
  try {
    if (Date.now() < due - 200) {
      await delay(due - 20 - Date.now());
      seen = seenUntil(db, jobs);
    }
    await scheduler.end();
    if (seen) check(db, jobs, due);
  } finally {
    await scheduler.end();
    db.close();
  }
  return seen?.map((at) => at - due) ?? queuedLate(home, jobs, 2 * leastMs);
}

/** When each of the first `count` rows could be seen, epoch milliseconds. */
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

function check(db, jobs, due) {
  const [{ queued }] = db.all(
    `SELECT count(DISTINCT job_id) AS queued FROM runs
     WHERE rowid <= ? AND scheduled_for = ? AND trigger = 'schedule' AND status = 'queued'`,
    [jobs, due],
  );
  if (queued !== jobs) throw new Error(`${queued} of ${jobs} jobs were queued for their instant`);
}

const cell = new Int32Array(new SharedArrayBuffer(4));
const pause = (ms) => Atomics.wait(cell, 0, 0, ms);
