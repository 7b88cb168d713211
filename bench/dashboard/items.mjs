import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jobHome } from '../job-home.mjs';
import { Pty } from '../pty.mjs';
import { elapsed, inTurn, round, shown, spreadOf } from '../rounds.mjs';
import { ScrapedSite } from '../scraping/site.mjs';
import { atMost } from '../verdict.mjs';

const LIMIT_MS = 50;
const ROUNDS = 3;
const KEYS = 20;
const WHY =
  'Each key reads the rows on the screen at their places in the file; a thread filters and sorts meanwhile.';

/** From a key to the bytes that show it in the items of a run, at rest and while a thread sorts all of them. */
export async function items({ args: [program], rounds = ROUNDS, isSmoke }) {
  const count = isSmoke ? 2_000 : 1_000_000;
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const site = await ScrapedSite.start('books', 1, folder);
  let home;
  let pty;
  try {
    const text = `url: "${site.url}"\nitem: article\nselectors: { title: h3 a }\n`;
    home = await jobHome(1, undefined, { configs: { prices: text } });
    const job = 'prices-00000';
    const ran = spawnSync(process.execPath, [program, '--home', home, 'job', 'run', job, '--json']);
    if (ran.status !== 0) throw new Error(`the run that has the items failed: ${ran.stderr}`);
    const runs = join(home, 'runs', job);
    const run = readdirSync(runs).find((name) => existsSync(join(runs, name, 'items.jsonl')));
    writeItems(join(runs, run, 'items.jsonl'), count);
    pty = new Pty([program, 'tui', '--home', home]);
    await pty.seen(job);
    const from = pty.raw.length;
    pty.send('\r');
    // The run, below the titles.
    await pty.seen(run, from);
    pty.send('i');
    await pty.seen(position(1, count));
    // The figures of the columns are counted first.
    await pty.seen('have a value');
    const keys = isSmoke ? 3 : KEYS;
    const turns = Math.min(ROUNDS, rounds);
    const quiet = await inTurn([pressing(pty, { count, keys })], turns);
    // Each sorts in another way, and begins at the first item.
    const busy = await inTurn([pressing(pty, { count, keys, before: 's' })], turns);
    const joined = await joinedRuns(program, { home, job, count, keys });
    const name = `dashboard, key to paint among ${count.toLocaleString('en')} items`;
    return [
      judged(`${name}, p95`, quiet[0]),
      judged(`${name} while they are sorted, p95`, busy[0]),
      ...joined,
    ];
  } finally {
    await pty?.end();
    await site.stop();
    for (const each of [folder, home]) if (each) rmSync(each, { recursive: true, force: true });
  }
}

const JOIN_MS = 240_000;
const CTRL_D = '\u0004';
const KINDS = ['all rows', 'only changed', 'only added', 'only removed'];

/**
 * Two runs side by side, of which every hundredth item has another price: until the table is there, then from a key to
 * the bytes that show it.
 */
async function joinedRuns(program, { home, job, count, keys }) {
  const ran = spawnSync(process.execPath, [program, '--home', home, 'job', 'run', job, '--json']);
  if (ran.status !== 0) throw new Error(`the second run failed: ${ran.stderr}`);
  const { run_id: run } = JSON.parse(ran.stdout).run;
  writeItems(join(home, 'runs', job, run, 'items.jsonl'), count, 100);
  const changed = Math.ceil(count / 100);
  const pty = new Pty([program, 'tui', '--home', home]);
  try {
    await pty.seen(job);
    const from = pty.raw.length;
    pty.send('\r');
    await pty.seen(run, from);
    const waited = await elapsed(async () => {
      pty.send('c');
      await pty.seen(place(1, changed), from, JOIN_MS);
    });
    // The figures of the columns are counted first.
    await pty.seen('have a value', from, JOIN_MS);
    const times = [
      ...(await downwards(pty, 'j', changed, keys)),
      ...(await downwards(pty, CTRL_D, changed, keys)),
      ...(await throughKinds(pty, keys)),
    ];
    const name = `dashboard, two runs of ${count.toLocaleString('en')} items side by side`;
    return [
      {
        name: `${name}, until the table is there`,
        ours: round(waited / 1000, 1),
        unit: 's',
        peers: [],
        budget: null,
        met: null,
      },
      judged(`${name}, key to paint, p95`, [times]),
    ];
  } finally {
    await pty.end();
  }
}

/** The milliseconds of a key that goes downwards; the first one shows how far. */
async function downwards(pty, key, rows, keys) {
  const at = () =>
    Number(
      pty.raw
        .match(/([\d,]+) of [\d,]+ · /g)
        ?.at(-1)
        ?.split(' ')[0]
        .replaceAll(',', ''),
    );
  const before = at();
  pty.send(key);
  await delay(500);
  const step = at() - before;
  const times = [];
  for (let row = before + 2 * step; times.length < keys && row <= rows; row += step) {
    const from = pty.raw.length;
    times.push(
      await elapsed(async () => {
        pty.send(key);
        await pty.seen(place(row, rows), from);
      }),
    );
    await delay(20 + Math.random() * 40);
  }
  return times;
}

/** The milliseconds until the first line says which kind of rows is shown; they are read meanwhile. */
async function throughKinds(pty, keys) {
  const times = [];
  while (times.length < keys) {
    for (const kind of KINDS) {
      const from = pty.raw.length;
      times.push(
        await elapsed(async () => {
          pty.send('t');
          await pty.seen(kind, from);
        }),
      );
      await delay(20 + Math.random() * 40);
    }
    // Then all that differ, of which the first line says no more.
    pty.send('t');
    await delay(100);
  }
  return times;
}

function writeItems(file, count, changed = 0) {
  const handle = openSync(file, 'w');
  let lines = '';
  for (let id = 0; id < count; id += 1) {
    const title = `Item ${(id * 7_919) % 1_000_003} of the catalogue`;
    lines += `${JSON.stringify({ id, title, price: `£${((id % 10_007) + (id % changed === 0 ? 50 : 0)) / 100}`, link: `https://shop.example/${id}` })}\n`;
    if (lines.length > 1 << 20 || id === count - 1) {
      writeSync(handle, lines);
      lines = '';
    }
  }
  closeSync(handle);
}

const place = (row, count) => `${row.toLocaleString('en-US')} of ${count.toLocaleString('en-US')} · `;
const position = (row, count) => `${row.toLocaleString('en-US')} of ${count.toLocaleString('en-US')} items`;

/**
 * What presses keys, and returns the milliseconds that each took.
 * @param before a key that goes to the first item
 */
function pressing(pty, { count, keys, before }) {
  let row = 1;
  return async () => {
    if (before !== undefined) {
      const from = pty.raw.length;
      pty.send(before);
      await pty.seen(position(1, count), from);
      row = 1;
    }
    const times = [];
    for (let left = keys; left > 0; left -= 1) {
      row += 1;
      const from = pty.raw.length;
      times.push(
        await elapsed(async () => {
          pty.send('j');
          await pty.seen(position(row, count), from);
        }),
      );
      // As fast as a person holds a key, and not in step with anything.
      await delay(20 + Math.random() * 40);
    }
    return times;
  };
}

function judged(name, rounds) {
  const p95 = spreadOf(
    rounds.map((times) => times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * 0.95)]),
  );
  const { value, spread } = shown(p95, 1);
  return {
    ...{ name, ours: value, spread, unit: 'ms', peers: [] },
    ...atMost(p95.median, LIMIT_MS, { unit: 'ms', why: WHY }),
  };
}
