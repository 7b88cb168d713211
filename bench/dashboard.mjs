import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundledPeer } from './bundled-peer.mjs';
import { jobHome } from './job-home.mjs';
import { Pty } from './pty.mjs';
import { elapsed, round, shown, spreads } from './rounds.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const JOBS = 10_000;
const KEYS = 60;
/** Long enough for what comes once a minute or twice. */
const IDLE_MS = 60_000;
const AFTER_START_MS = 45_000;
/** What clears a whole screen, with or without what scrolled out of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is counted
const CLEAR = /\u001b\[[23]J/g;

/**
 * The dashboard in a pseudo-terminal of 120 × 40, beside Ink's least full-screen program on its own writer, bundled like
 * ours, and at its start beside Node alone.
 */
export async function dashboard({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  // The preferences of whoever measures are his own.
  process.env['XDG_STATE_HOME'] = folder;
  const [few, many] = [await jobHome(100), await jobHome(JOBS)];
  const peer = await bundledPeer('bare-ink', folder);
  try {
    const open = (home) => [PROGRAM, 'tui', '--home', home];
    return [
      await start('the first frame', [open(many), 'Jobs'], peer, { rounds, budget: 500 }),
      await start('the list of 100 jobs', [open(few), 'prices-00000'], peer, { rounds }),
      await start('the list of 10,000 jobs', [open(many), 'prices-00000'], peer, { rounds }),
      await idle(open(many), peer),
      ...(await keys(open(many), peer)),
    ];
  } finally {
    for (const each of [folder, few, many]) rmSync(each, { recursive: true, force: true });
  }
}

/** From the start until a text is there. Without a budget it is there to be seen. */
async function start(what, [args, shows], peer, { rounds = 7, budget }) {
  const until = (program, text) => async () => {
    let pty;
    const time = await elapsed(async () => {
      pty = new Pty(program);
      await (text === undefined ? pty.over() : pty.seen(text));
    });
    await pty.end();
    return time;
  };
  const rivals = [until(args, shows), until([peer], 'keys: 0.'), until(['-e', '0'])];
  const [ours, ink, node] = await spreads(rivals, rounds);
  const peers = [
    { name: 'bare Ink', ...shown(ink) },
    { name: 'node -e 0', ...shown(node) },
  ];
  const isMet = budget === undefined || ours.median <= budget;
  const [name, allowed] = [`dashboard, start to ${what}`, budget === undefined ? 'none' : `${budget} ms`];
  return row(name, 'ms', shown(ours), peers, ours.median / ink.median, allowed, isMet);
}

/** Percent of one processor while nobody touches it; the peer has no clock, no countdown and no store to watch. */
async function idle(args, peer) {
  const share = async (pty, text) => {
    await pty.seen(text);
    // What is read after the first frame is not idleness, nor is what V8 collects of it, once, half a minute later.
    await settled(pty);
    await delay(AFTER_START_MS);
    const before = pty.cpuMs();
    const time = await elapsed(() => delay(IDLE_MS));
    const used = (100 * (pty.cpuMs() - before)) / time;
    await pty.end();
    return round(used);
  };
  const ours = await share(new Pty(args), 'prices-00000');
  const ink = await share(new Pty([peer]), 'keys: 0.');
  const peers = [{ name: 'bare Ink', value: ink }];
  return row(
    'dashboard, idle with 10,000 jobs',
    '% CPU',
    { value: ours },
    peers,
    ours - ink,
    '1.5 %',
    ours <= 1.5,
  );
}

/** From a key to the bytes that show it, and the clears of a whole screen on the way, some of them after a resize. */
async function keys(args, peer) {
  const ours = await pressed(
    new Pty(args),
    'prices-00000',
    (key) => `prices-${String(key).padStart(5, '0')}`,
  );
  const ink = await pressed(new Pty([peer]), 'keys: 0.', (key) => `keys: ${key}.`);
  const peers = [{ name: 'bare Ink', value: ink.p95, spread: [ink.median, ink.worst] }];
  const us = { value: ours.p95, spread: [ours.median, ours.worst] };
  return [
    row(
      'dashboard, key to paint with 10,000 jobs, p95 (median–worst)',
      'ms',
      ...[us, peers, ours.p95 / ink.p95, '50 ms', ours.p95 <= 50],
    ),
    row(
      `dashboard, clears of the whole screen in ${KEYS} keys and 2 resizes`,
      'clears',
      ...[
        { value: ours.clears },
        [{ name: 'bare Ink', value: ink.clears }],
        ours.clears,
        '0',
        ours.clears === 0,
      ],
    ),
  ];
}

async function pressed(pty, first, shows) {
  await pty.seen(first);
  await settled(pty);
  const times = [];
  for (let key = 1; key <= KEYS; key += 1) {
    const from = pty.raw.length;
    times.push(
      await elapsed(async () => {
        pty.send('j');
        await pty.seen(shows(key), from);
      }),
    );
    // As fast as a person holds a key, and not in step with anything.
    await delay(20 + Math.random() * 40);
  }
  for (const [columns, rows] of [
    [90, 30],
    [120, 40],
  ]) {
    pty.resize(columns, rows);
    await settled(pty);
  }
  const clears = pty.raw.match(CLEAR)?.length ?? 0;
  await pty.end();
  times.sort((a, b) => a - b);
  const at = (share) => round(times[Math.floor((times.length - 1) * share)], 1);
  return { median: at(0.5), p95: at(0.95), worst: at(1), clears };
}

/** Resolves when it has used no processor time worth mentioning for a second. */
async function settled(pty) {
  for (let before = pty.cpuMs(), quiet = 0; quiet < 2; ) {
    await delay(500);
    const now = pty.cpuMs();
    quiet = now - before <= 30 ? quiet + 1 : 0;
    before = now;
  }
}

function row(name, unit, { value, spread }, peers, ratio, budget, met) {
  return { name, ours: value, spread, unit, peers, ratio: round(ratio), budget, met };
}
