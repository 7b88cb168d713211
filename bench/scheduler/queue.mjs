import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { growth } from '../growth.mjs';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { ratioTo } from '../verdict.mjs';
import { bundledCore } from './bundled-core.mjs';
import { filledQueues } from './filled-queue.mjs';
import { BareQueue, OurQueue } from './queue-rivals.mjs';

const SIZES = [100, 10_000, 100_000];
const NEXT_MS = 100;
const WORK = {
  insert: { what: 'rows queued by requests', peer: 'bare libsql, the same statements' },
  claim: { what: 'runs started and claimed', peer: 'bare libsql, the same statements' },
  next: { what: 'the next four runs found', peer: 'bare libsql, the oldest four by index' },
};

/**
 * Runs put into the queue by requests, runs claimed by their processes, one durable transaction each, and the runs found
 * that may start next, through the library's own core: with so many runs of other jobs there already. Beside each the same
 * work on the same tables through libsql alone.
 */
export async function queue({ rounds = 3, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const count = isSmoke ? 10 : 100;
  try {
    const core = await bundledCore(folder);
    const rows = Object.fromEntries(Object.keys(WORK).map((name) => [name, []]));
    const points = [];
    for (const there of isSmoke ? [50, 60, 70] : SIZES) {
      const found = await measured(core, folder, there, rounds, count);
      for (const [name, [us, peer]] of Object.entries(found)) {
        rows[name].push(row(name, there, us, peer));
      }
      points.push({ n: there, cost: 1_000 / found.next[0].median });
    }
    return [...Object.values(rows).flat(), growth(`scheduler, time of ${WORK.next.what}`, points, 'runs')];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of each kind of work the rates of ours and of the peer. */
async function measured(core, folder, there, rounds, count) {
  const files = ['ours', 'bare'].map((name) => join(folder, `${name}-${there}.db`));
  await filledQueues(core, files, there);
  const rivals = [new OurQueue(core, files[0]), await BareQueue.on(files[1])];
  try {
    const rates = Object.fromEntries(Object.keys(WORK).map((name) => [name, [[], []]]));
    for (let left = rounds; left > 0; left -= 1) {
      for (const name of Object.keys(WORK)) {
        const once = await inTurn(
          rivals.map((rival) => () => rival[name](count, NEXT_MS)),
          1,
        );
        for (const [index, [rate]] of once.entries()) rates[name][index].push(rate);
      }
      // As many are waiting in each round.
      for (const rival of rivals) rival.forget();
    }
    return Object.fromEntries(Object.entries(rates).map(([name, both]) => [name, both.map(spreadOf)]));
  } finally {
    for (const rival of rivals) rival.close();
  }
}

function row(name, there, us, peer) {
  const { value, spread } = shown(us);
  return {
    name: `scheduler, ${WORK[name].what}, ${there.toLocaleString('en')} runs there`,
    ours: value,
    spread,
    unit: 'a second',
    peers: [{ name: WORK[name].peer, ...shown(peer) }],
    ...ratioTo(WORK[name].peer, us.median, peer.median),
  };
}
