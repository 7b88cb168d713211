import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LineClient } from '../line-client.mjs';
import { round } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { said } from './opening.mjs';
import { watching } from './watching.mjs';

const EDITOR = fileURLToPath(new URL('../peers/job-editor.mjs', import.meta.url));
/** Issue 5: what is changed elsewhere appears within a second. */
const BUDGET_MS = 1_000;
const MAX_MS = 10_000;
/** The last but one of a hundred is what 99 in a hundred do not pass. */
const EDITS = 100;
/** The floor first. */
const PEERS = ['fs.watch', 'chokidar'];
const WHY =
  'A file is read when it has been quiet for 75 ms, so that nothing half-written is taken; the peers read nothing.';

/**
 * From one process's call of `updateJob` until another one, which watches the home, has told of it. With the smallest home
 * beside what only watches the folder; chokidar reads the whole folder again with each change, so not with the large ones.
 */
export async function edits(homes, isSmoke) {
  const rows = [];
  for (const [size, { jobs, home }] of homes.entries()) {
    const isCompared = size === 0;
    const count = isSmoke ? 3 : EDITS;
    const beside = isCompared ? PEERS : PEERS.slice(0, 1);
    const [us, ...peers] = await measured(home, jobs, ['ours', ...beside], count);
    for (const [what, share] of Object.entries({ p50: 0.5, p99: 0.99 })) {
      rows.push({
        name: `an edit seen in another process, ${said(jobs)} jobs, ${what}`,
        ours: at(us, share),
        unit: 'ms',
        peers: peers.map((figures, index) => ({ name: PEERS[index], value: at(figures, share) })),
        ...ratioTo(PEERS[0], at(us, share), at(peers[0], share)),
        ...atMost(at(us, share), BUDGET_MS, { unit: 'ms', why: WHY, from: 'own' }),
      });
    }
  }
  return rows;
}

/** Each watcher's times of all edits, in milliseconds. All of them watch the same edits. */
async function measured(home, jobs, watchers, count) {
  const seen = watchers.map(() => new Map());
  let told = () => {};
  const processes = await Promise.all(
    watchers.map((who, index) =>
      watching(who, home, (id) => {
        if (!seen[index].has(id)) seen[index].set(id, performance.timeOrigin + performance.now());
        told();
      }),
    ),
  );
  const editor = new LineClient([EDITOR, home]);
  const times = watchers.map(() => []);
  for (let edit = 0; edit < count; edit += 1) {
    const job_id = `prices-${String((edit * 37) % jobs).padStart(5, '0')}`;
    for (const each of seen) each.clear();
    const all = new Promise((resolve) => {
      told = () => seen.every((each) => each.has(job_id)) && resolve();
    });
    const { at: asked } = await editor.ask('edit', { job_id, priority: edit + 1 });
    const end = new AbortController();
    await Promise.race([all, delay(MAX_MS, undefined, { signal: end.signal }).catch(() => {})]);
    end.abort();
    // Who has lost an event shows it by this time.
    for (const [index, each] of seen.entries())
      times[index].push((each.get(job_id) ?? asked + MAX_MS) - asked);
  }
  await Promise.all([editor, ...processes.map(({ client }) => client)].map((each) => each.end()));
  return times;
}

/** What a share of the figures does not pass: one of them. */
function at(figures, share) {
  return round(figures.toSorted((a, b) => a - b)[Math.ceil(figures.length * share) - 1], 1);
}
