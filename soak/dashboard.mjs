// Lets the dashboard stand open while its home changes under it, and keys come in: its memory has to stay flat.
// Usage: npm run soak:dashboard -- --minutes N [--jobs 200] [--seed N] [--json FILE]
// Each half second somebody changes a job, by the library or by hand; each ten seconds a job is run; a key comes each
// third of a second, and a new window size each minute. One minute of this is several of a busy home.
import { spawn as start } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { jobHome } from '../bench/job-home.mjs';
import { JobManager } from '../dist/index.js';
import { growth } from './figures.mjs';
import { randomFrom } from './random.mjs';
import { openSite } from './site.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const PROBE = new URL('./probe.mjs', import.meta.url).href;
const SIZES = [
  [160, 46],
  [120, 30],
  [80, 24],
  [60, 12],
];
const ESC = '\u001b';
/** Ways through every view and back to the jobs, a key or a word at a time; nothing that changes or ends something. */
const VISITS = [
  ['j', 'j', 'k', 'G', 'g', 'g', '\u0004', '\u0015', '\t', '\t'],
  ['/', 'prices-0001', '\r', 'j', ESC],
  ['/', 'state:failed,ok', '\r', ESC],
  ['T', 'l', 'l', 'h', 'w', 'w', 'n', ESC],
  ['\r', 'j', 'l', 'G', 'k', ESC, ESC],
  ['\r', 'i', 'j', ESC, ESC],
  ['c', 'j', ESC],
  ['e', '\t', '\t', ESC],
  ['?', 'run', ESC],
  [':', 'sort', ESC],
  ['s', ESC],
  ['N', 'j', ESC],
];
const EDIT_EVERY_MS = 500;
const RUN_EVERY_MS = 10_000;
const KEY_EVERY_MS = 333;
const RESIZE_EVERY_MS = 60_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    jobs: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'string' },
  },
});
const [minutes, jobs, seed] = ['minutes', 'jobs', 'seed'].map((name) => Number(values[name]));
const random = randomFrom(seed);
console.log(`${minutes} minutes, ${jobs} jobs, seed ${seed}`);

const site = await openSite(random);
const home = await jobHome(jobs);
writeFileSync(
  join(home, 'configs', 'prices.yaml'),
  `url: ${site.url}/plain/one\nitem: li\nselectors: { name: b }\nrespect_robots: false\n`,
);
const folder = mkdtempSync(join(tmpdir(), 'quickscrape-soak-'));
const probe = join(folder, 'probe.jsonl');
const scheduler = start(process.execPath, [PROGRAM, 'scheduler', 'run', '--home', home], { stdio: 'ignore' });
const manager = new JobManager({ home });
const dashboard = spawn(
  process.execPath,
  ['--max-semi-space-size=1', '--import', PROBE, PROGRAM, 'tui', '--home', home],
  {
    cols: 160,
    rows: 46,
    name: 'xterm-256color',
    env: {
      ...process.env,
      // A key in the wrong place must not leave it waiting in an editor.
      EDITOR: 'true',
      VISUAL: 'true',
      PAGER: 'true',
      QS_SOAK_PROBE: probe,
      XDG_STATE_HOME: folder,
      XDG_CONFIG_HOME: folder,
    },
  },
);
let [bytes, clears, keys, edits, runs] = [0, 0, 0, 0, 0];
let ended;
let visit = [];
dashboard.onData((text) => {
  bytes += text.length;
  clears += text.split('\u001b[2J').length - 1;
});
dashboard.onExit(({ exitCode }) => {
  ended = exitCode;
});

const errors = [];
const until = Date.now() + minutes * 60_000;
const sample = () =>
  existsSync(probe) ? readFileSync(probe, 'utf8').trim().split('\n').map(JSON.parse) : [];
try {
  await Promise.all([
    repeat(EDIT_EVERY_MS, edit),
    repeat(RUN_EVERY_MS, run),
    repeat(KEY_EVERY_MS, key),
    repeat(RESIZE_EVERY_MS, () => dashboard.resize(...random.pick(SIZES))),
  ]);
} finally {
  const samples = sample();
  const figures = ended === undefined && samples.length > 1 ? growth(samples) : undefined;
  dashboard.kill('SIGTERM');
  scheduler.kill('SIGTERM');
  await once(scheduler, 'exit');
  await manager.close();
  site.close();
  report(figures);
  for (const each of [home, folder]) rmSync(each, { recursive: true, force: true });
}

async function repeat(everyMs, act) {
  while (Date.now() < until && ended === undefined) {
    try {
      await act();
    } catch (error) {
      errors.push(String(error));
    }
    await delay(everyMs);
  }
}

async function edit() {
  const id = `prices-${String(random.whole(jobs)).padStart(5, '0')}`;
  edits += 1;
  if (random.chance(0.2)) {
    const file = join(home, 'jobs', `${id}.json`);
    const dict = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...dict, description: `by hand ${edits}` }, null, 2));
    return;
  }
  const job = await manager.getJob(id);
  if (job === undefined) return;
  job.description = `edit ${edits}`;
  job.enabled = random.chance(0.9);
  await manager.updateJob(job);
}

async function run() {
  const id = `prices-${String(random.whole(jobs)).padStart(5, '0')}`;
  runs += 1;
  const child = start(process.execPath, [PROGRAM, 'job', 'run', id, '--background', '--home', home], {
    stdio: 'ignore',
  });
  await once(child, 'exit');
}

function key() {
  keys += 1;
  if (visit.length === 0) visit = [...random.pick(VISITS)];
  dashboard.write(visit.shift());
}

function report(figures) {
  const slope = (one) =>
    one ? `${one.perHour.toFixed(2)} ± ${(1.96 * one.error).toFixed(2)} MB/h (${one.n})` : '—';
  console.log(
    [
      `${edits} edits, ${runs} runs, ${keys} keys; ${(bytes / 1e6).toFixed(1)} MB written, ${clears} full clears`,
      ...(figures === undefined
        ? [`the dashboard ended with ${ended}`]
        : [
            `RSS after collection: ${slope(figures.rssSlopeCollected)}; heap: ${slope(figures.heapSlopeCollected)}`,
            `RSS ${figures.rssMb.first.toFixed(0)} MB at first, ${figures.rssMb.last.toFixed(0)} at last; descriptors ${figures.fds.least}–${figures.fds.most}`,
            `CPU ${figures.cpuPercent.toFixed(1)} %`,
          ]),
      ...errors.slice(0, 5),
    ].join('\n'),
  );
  if (values.json)
    writeFileSync(values.json, JSON.stringify({ edits, runs, keys, bytes, clears, figures, errors }));
}
