import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jobHome } from '../job-home.mjs';
import { Pty } from '../pty.mjs';
import { elapsed, inTurn, shown, spreadOf } from '../rounds.mjs';
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
    const name = `dashboard, key to paint among ${count.toLocaleString('en')} items`;
    return [judged(`${name}, p95`, quiet[0]), judged(`${name} while they are sorted, p95`, busy[0])];
  } finally {
    await pty?.end();
    await site.stop();
    for (const each of [folder, home]) if (each) rmSync(each, { recursive: true, force: true });
  }
}

function writeItems(file, count) {
  const handle = openSync(file, 'w');
  let lines = '';
  for (let id = 0; id < count; id += 1) {
    const title = `Item ${(id * 7_919) % 1_000_003} of the catalogue`;
    lines += `${JSON.stringify({ id, title, price: `£${(id % 10_007) / 100}`, link: `https://shop.example/${id}` })}\n`;
    if (lines.length > 1 << 20 || id === count - 1) {
      writeSync(handle, lines);
      lines = '';
    }
  }
  closeSync(handle);
}

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
