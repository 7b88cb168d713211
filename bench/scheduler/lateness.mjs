import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { JobSchedule } from '../../dist/index.js';
import { growth } from '../growth.mjs';
import { jobHome } from '../job-home.mjs';
import { round, shown, spreadOf } from '../rounds.mjs';
import { HomeDatabase } from './home-database.mjs';
import { peerProgram, startedScheduler } from './program.mjs';

/** How often is looked for rows. */
const LOOK_MS = 1;
const EVERY_SECONDS = 2;
/** Of no machine: what holds each run, so that queueing is all there is to do. */
const FREE_SPACE_MIB = 1_000_000;
const BUDGET_MS = 150;

/**
 * So many jobs due at one instant: how long after it each one's row is in the queue, for everybody to see. None of their
 * runs starts, since the disk is said to be too full: what is measured is what the scheduler has decided and written down.
 * Beside it as many timers and croner jobs in one process, which call a function that does nothing.
 */
export async function lateness({ rounds, isSmoke }) {
  const sizes = isSmoke ? [5, 10] : [100, 1_000, 10_000];
  const times = { 100: 1, 1000: rounds ?? 3 };
  const rows = [];
  const curve = [];
  for (const jobs of sizes) {
    const home = await jobHome(jobs, undefined, {
      schedule: JobSchedule.custom(`*/${EVERY_SECONDS} * * * * *`, { timezone: 'Etc/UTC' }),
      settings: { min_free_space: FREE_SPACE_MIB },
    });
    try {
      const ours = [];
      const beside = { setTimeout: [], croner: [] };
      for (let left = isSmoke ? 1 : (times[jobs] ?? 1); left > 0; left -= 1) {
        ours.push(percentiles(await queuedLate(home, jobs)));
        if (jobs === sizes[0]) continue;
        beside.setTimeout.push(percentiles(await peerLate('setTimeout', jobs)));
        beside.croner.push(percentiles(await peerLate('croner', jobs)));
      }
      curve.push({ n: jobs, cost: spreadOf(ours.map(({ p99 }) => p99)).median });
      if (jobs !== sizes[0])
        rows.push(...['p50', 'p99'].map((share) => row(jobs, share, ours, beside, sizes)));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  return [...rows, growth('scheduler, p99 from due to queued', curve)];
}

function row(jobs, share, ours, beside, sizes) {
  const of = (all) => spreadOf(all.map((each) => each[share]));
  const us = of(ours);
  const { value, spread } = shown(us);
  const peers = Object.entries(beside).map(([name, all]) => ({ name: PEERS[name], ...shown(of(all)) }));
  const name = `scheduler, ${jobs.toLocaleString('en')} due at once: due to queued, ${share}`;
  const found = { name, ours: value, spread, unit: 'ms', peers };
  if (jobs !== sizes[1] || share !== 'p99') return { ...found, ratio: ratioTo(us, of(beside.croner)) };
  const ratio = us.median / BUDGET_MS;
  return { ...found, ratio: round(ratio), budget: `${BUDGET_MS} ms`, met: ratio <= 1, why: WHY };
}

const ratioTo = (us, peer) => round(us.median / peer.median);
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

/** How late each job's row was there, from a start of the scheduler on. */
async function queuedLate(home, jobs) {
  const db = await HomeDatabase.of(home);
  const step = EVERY_SECONDS * 1000;
  // Ready by then, and planned.
  const due = Math.ceil((Date.now() + 1_500 + jobs / 3) / step) * step;
  db.decidedUntil(due);
  const before = db.newestRow();
  const { scheduler } = await startedScheduler(home);
  try {
    if (Date.now() > due - 200)
      throw new Error(`the scheduler was not ready before its ${jobs} jobs were due`);
    await delay(due - 20 - Date.now());
    return seenUntil(db, before, jobs).map((at) => at - due);
  } finally {
    await scheduler.end();
    check(db, before, jobs, due);
    db.close();
  }
}

/** When each of the next `count` rows could be seen, epoch milliseconds. */
function seenUntil(db, before, count) {
  const seen = [];
  const end = Date.now() + 60_000;
  while (seen.length < count) {
    const there = Math.min(db.newestRow() - before, count);
    const now = Date.now();
    while (seen.length < there) seen.push(now);
    if (now > end) throw new Error(`${seen.length} of ${count} due jobs were queued within a minute`);
    pause(LOOK_MS);
  }
  return seen;
}

function check(db, before, jobs, due) {
  const rows = db.all(
    'SELECT count(DISTINCT job_id) AS jobs FROM runs WHERE rowid > ? AND rowid <= ? AND scheduled_for = ? AND trigger = ?',
    [before, before + jobs, due, 'schedule'],
  );
  if (rows[0].jobs !== jobs) throw new Error(`${rows[0].jobs} of ${jobs} jobs were queued for their instant`);
}

const cell = new Int32Array(new SharedArrayBuffer(4));
const pause = (ms) => Atomics.wait(cell, 0, 0, ms);
