import { writeFileSync } from 'node:fs';
import { jobHome, removeHome } from '../job-home.mjs';
import { inTurn, shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';

const ANSWER = { ms: 20, why: 'The job, its configuration and its runs are read first.', from: 'design' };
const WRITE = { ms: 1_000, why: 'Each row is read from the disk, and looked up.', from: 'own' };
const ROWS = 10_000;
/** One in this many rows has another price than in the run before. */
const CHANGED = 20;
const JOB = 'prices-00000';
const CONFIG =
  'url: http://127.0.0.1:9/\nitem: li\nselectors: { link: a, price: b, stock: i }\nchanges: { key: link }\nhistory: [price, stock]\n';

/** The history of rows: how soon it answers when it is long, and what it adds to a run. */
export async function history(core, { rounds = 5, isSmoke }) {
  const values = isSmoke ? 2_000 : 1_000_000;
  const rows = isSmoke ? 200 : ROWS;
  const home = await jobHome(1, undefined, { configs: { prices: CONFIG } });
  const workspace = core.openWorkspace({ home, actor: 'library' });
  try {
    const runs = await fill(core, workspace, { values, rows });
    const call = (params) => core.callOperation(workspace, 'get_item_history', { job_id: JOB, ...params });
    const timed = async (work) => {
      const start = performance.now();
      await work();
      return performance.now() - start;
    };
    let next = runs;
    const key = () => linkOf((next * 7_919) % rows);
    const [one, all, written] = await inTurn(
      [
        () => timed(() => call({ key: key() })),
        () => timed(() => call({ sort: 'fall' })),
        () => {
          next += 1;
          addRun(core, workspace, next, rows, CHANGED);
          return timed(() => core.settleHistory(workspace, { jobId: JOB, configName: 'prices' }));
        },
      ],
      rounds,
    );
    const shownValues = values.toLocaleString('en');
    return [
      row(`get_item_history of a row, ${shownValues} values`, one, ANSWER),
      row(`get_item_history, the largest falls of ${shownValues} values`, all, ANSWER),
      row(`history of a run of ${rows.toLocaleString('en')} rows, one in ${CHANGED} changed`, written, WRITE),
    ];
  } finally {
    workspace.close();
    await removeHome(home);
  }
}

function row(name, times, { ms, ...about }) {
  const us = spreadOf(times);
  return {
    name,
    ours: shown(us).value,
    spread: shown(us).spread,
    unit: 'ms',
    peers: [],
    ...ratioTo('its budget', us.median, ms),
    ...atMost(us.median, ms, { unit: 'ms', ...about }),
  };
}

const linkOf = (index) => `https://shop.example/catalogue/item-number-${index}`;

/** Runs in each of which every price differs. @returns the number of the last one */
async function fill(core, workspace, { values, rows }) {
  const runs = Math.ceil(values / rows) - 1;
  for (let run = 1; run <= runs; run += 1) {
    addRun(core, workspace, run, rows, 1);
    await core.settleHistory(workspace, { jobId: JOB, configName: 'prices' });
  }
  return runs;
}

/** A run that has succeeded, with its rows. */
function addRun(core, { paths, db }, run, rows, changed) {
  const files = core.runFiles(paths, JOB, `run-${run}`);
  core.makeRunFolder(files);
  const lines = Array.from({ length: rows }, (_, index) => {
    const since = index % changed === run % changed ? run : 0;
    return JSON.stringify({
      link: linkOf(index),
      price: 1_000 + ((index * 31 + since * 17) % 997),
      stock: 'yes',
    });
  });
  writeFileSync(files.items, `${lines.join('\n')}\n`);
  db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at,
       not_before, started_at, finished_at, items)
     VALUES (?, ?, 'prices', 'manual', 'library', 'UTC', 'succeeded', 1, ?, 0, ?, ?, ?)`,
    [`run-${run}`, JOB, run, run, run, rows],
  );
}
