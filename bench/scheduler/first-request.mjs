import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { elapsed, shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { OneDueOfMany } from './one-due-of-many.mjs';

const SIZES = [10, 1_000, 10_000];
/**
 * Between an occurrence of one home and that of the next: a worker is made ready two seconds before its own, and what is measured
 * beside it, Node's start above all, must be over by then.
 */
const SECONDS_EACH = 4;
const SMOKE_SECONDS_EACH = 1;
const BUDGET = 3;
const NODE = 'node -e 0';
/**
 * From the instant of an occurrence to the first request of its run (robots.txt), as the site sees it: a scheduler that has
 * been running, and a site on loopback. In the same rounds: a run that is asked for while the scheduler runs, and what Node
 * takes to start and end with nothing to do. With homes of few jobs and of many, of which one is due.
 */
export async function firstRequest({ rounds = 3, isSmoke }) {
  const sizes = isSmoke ? [2, 3, 4] : SIZES;
  const each = isSmoke ? SMOKE_SECONDS_EACH : SECONDS_EACH;
  const homes = sizes.map((jobs, index) => new OneDueOfMany(jobs, index * each, sizes.length * each));
  const node = [];
  try {
    await Promise.all(homes.map((home) => home.start()));
    // What is loaded for the first time is not what the hundredth run waits for.
    const unseen = isSmoke ? 0 : 1;
    // The first home is the one that is judged.
    const wanted = (home) => unseen + (home === homes[0] ? rounds : Math.min(rounds, 3));
    for (;;) {
      const next = homes
        .filter((home) => home.due.length < wanted(home))
        .toSorted((a, b) => a.nextOccurrence() - b.nextOccurrence())[0];
      if (next === undefined) break;
      await next.waitForDue();
      node.push(await elapsed(() => once(spawn(process.execPath, ['-e', '0']), 'close')));
      // At any moment of the scheduler's looks, which come every 250 ms, and between two occurrences.
      await delay(Math.random() * 250);
      await next.askForRun();
    }
    return rowsOf(homes, node, unseen);
  } finally {
    await Promise.all(homes.map((home) => home.end()));
  }
}

function rowsOf(homes, node, unseen) {
  const bare = spreadOf(node.slice(unseen * homes.length));
  const rows = (what, key) => {
    const found = homes.map((home) => ({ n: home.jobs, us: spreadOf(home[key].slice(unseen)) }));
    return found.map(({ n, us }) => row(`scheduler, ${what}, ${n.toLocaleString('en')} jobs`, us, bare));
  };
  const [first, ...others] = rows('due to the first request of the run', 'due');
  return [
    {
      ...first,
      ...atMost(spreadOf(homes[0].due.slice(unseen)).median / bare.median, BUDGET, { why: WHY }),
    },
    ...others,
    ...rows('run asked for to its first request', 'asked'),
  ];
}

function row(name, us, bare) {
  const { value, spread } = shown(us);
  return {
    name,
    ours: value,
    spread,
    unit: 'ms',
    peers: [{ name: NODE, ...shown(bare) }],
    ...ratioTo(NODE, us.median, bare.median),
  };
}

const WHY =
  'A worker has been started two seconds before, or has executed another run. What is left is the decision, two durable writes (queued, claimed), opening the database, reading job and configuration, and the connection.';
