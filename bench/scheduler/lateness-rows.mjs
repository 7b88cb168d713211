import { growth } from '../growth.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { SLOTS } from './due-at-once.mjs';

/** The design's, for 1,000 at once. Held against what a person has; what nothing else adds to is held against it by us. */
const BUDGET_MS = 150;
/** What a clock of milliseconds can tell. */
const MIN_MS = 1;
const SHARES = ['p50', 'p99'];
const PEERS = { setTimeout: 'bare timers, nothing written', croner: 'croner 11, nothing written' };
const HELD_BACK = 'the same, none started';
const WHY =
  'Each job is two statements of 20 µs each through libsql, and as much JavaScript that is run for the first time; 200 jobs share a durable transaction.';

/** @param found what bench/scheduler/lateness.mjs has found of three sizes, the smallest first; the second is judged */
export function latenessRows(found) {
  const judgedSize = found[1].jobs;
  return [
    ...found.flatMap((size) => startedRows(size, size.jobs === judgedSize)),
    curve(found),
    ...found.flatMap((size) => heldBackRows(size, size.jobs === judgedSize)),
  ];
}

function startedRows({ jobs, late }, isJudged) {
  const named = (what) => `scheduler, ${jobs.toLocaleString('en')} due at once, runs started: ${what}`;
  const queued = SHARES.map((share) => {
    const [us, croner] = [of(late.started, share), of(late.croner, share)];
    const peers = [{ name: HELD_BACK, ...shown(of(late.ours, share)) }, ...peersOf(late, share)];
    const found = {
      name: named(`due to queued, ${share}`),
      ...compared(us, peers, PEERS.croner, croner),
    };
    return isJudged && share === 'p99'
      ? { ...found, ...atMost(us.median, BUDGET_MS, { unit: 'ms', why: WHY }) }
      : found;
  });
  const [us, p99] = ['started', 'p99'].map((what) => of(late.started, what));
  const ownP99 = 'due to queued, p99';
  const started = compared(us, [{ name: ownP99, ...shown(p99) }], ownP99, p99);
  return [...queued, { name: named(`due to ${SLOTS} started`), ...started }];
}

function heldBackRows({ jobs, late }, isJudged) {
  return SHARES.map((share) => {
    const [us, croner] = [of(late.ours, share), of(late.croner, share)];
    return {
      name: `scheduler, ${jobs.toLocaleString('en')} due at once, none started: due to queued, ${share}`,
      ...compared(us, peersOf(late, share), PEERS.croner, croner),
      ...(isJudged && share === 'p99' && atMost(us.median, BUDGET_MS, { unit: 'ms', why: WHY, from: 'own' })),
    };
  });
}

function peersOf(late, share) {
  return Object.entries(PEERS).map(([key, name]) => ({ name, ...shown(of(late[key], share)) }));
}

function compared(us, peers, name, peer) {
  const { value, spread } = shown(us);
  const ratio = ratioTo(name, us.median, Math.max(MIN_MS, peer.median));
  return { ours: value, spread, unit: 'ms', peers, ...ratio };
}

function curve(found) {
  const points = found.map(({ jobs, late }) => ({
    n: jobs,
    cost: Math.max(MIN_MS, of(late.started, 'p99').median),
  }));
  return growth('scheduler, p99 from due to queued, runs started', points);
}

const of = (all, what) => spreadOf(all.map((each) => each[what]));
