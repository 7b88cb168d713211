import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { atMost } from '../verdict.mjs';
import { bundledCore } from './bundled-core.mjs';

const SIZES = [100, 10_000, 100_000];
const HOSTS = 4;
const TIMES = 20;
/** What a scheduler asks each second may take no more of a processor, in milliseconds. */
const BUDGET_MS = 5;
const WHY =
  'What waits is not to be read: the first thousand in their order, and one step in the index a host.';

/**
 * What a scheduler asks each second while so many runs wait and none can start, as all their hosts are busy: which may
 * start, which have to be looked after, and, for its status, how many there are. Of each the milliseconds of CPU.
 */
export async function busyQueue({ rounds = 3, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    const core = await bundledCore(folder);
    const rows = [];
    for (const waiting of isSmoke ? [50, 60, 70] : SIZES) {
      const db = new core.QuickscrapeDatabase(join(folder, `${waiting}.db`));
      fill(db, waiting);
      rows.push(...(await measured(core, db, waiting, rounds)));
      db.close();
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(core, db, waiting, rounds) {
  const store = new core.RunStore(db);
  const work = {
    'the runs sought that may start': () => check(core.startableRuns(db, Date.now(), HOSTS, 1).length, 0),
    'the runs sought that are under way': () => check(core.listRunning(db).length, HOSTS),
    'the runs counted': () => check(store.activeCounts().waiting, waiting),
  };
  const all = await inTurn(
    Object.values(work).map((ask) => () => cpuMs(ask)),
    rounds + 1,
  );
  return Object.keys(work).map((what, index) => {
    const found = spreadOf(all[index].slice(1));
    const { value, spread } = shown(found, 2);
    const name = `scheduler, all hosts busy: ${what}, ${waiting.toLocaleString('en')} runs waiting`;
    const options = { unit: 'ms', from: 'own', why: WHY };
    return {
      name,
      ours: value,
      spread,
      unit: 'ms of CPU',
      peers: [],
      ...atMost(found.median, BUDGET_MS, options),
    };
  });
}

/** As many runs as hosts are under way, one on each; all others wait for one of these hosts and are due. */
function fill(db, waiting) {
  db.run(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, overlap, host,
       queued_at, not_before, started_at)
     SELECT hex(randomblob(16)), 'job-' || i, 'prices', 'manual', 'library', 'Europe/Berlin',
       iif(i <= ${HOSTS}, 'running', 'queued'), 1, 'skip', '127.0.0.' || i % ${HOSTS}, i, i, iif(i <= ${HOSTS}, i, NULL)
     FROM n`,
    [waiting + HOSTS],
  );
}

/** Of one time, over several: once is too short to be measured. */
function cpuMs(work) {
  const before = process.cpuUsage();
  for (let left = TIMES; left > 0; left -= 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / TIMES;
}

function check(found, expected) {
  if (found !== expected) throw new Error(`the busy queue gave ${found}, not ${expected}`);
}
