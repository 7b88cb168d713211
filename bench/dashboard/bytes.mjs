import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import xterm from '@xterm/headless';
import { JobManager } from '../../dist/index.js';
import { Pty } from '../pty.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { LISTED, PEER, row, settled } from './screen.mjs';

/** Until an update is quiet: the mark of what has changed fades after two seconds. */
const QUIET_MS = 4_000;
const MARGIN_MS = 1_500;
const CHANGED = 'prices-00001';

/**
 * What one job that somebody else changes makes the dashboard write, until its screen is quiet, less what its clock writes in
 * the same time. The peer is Ink's own writer with the same screen, without its colours, one line of which changes
 * once, where we paint a line twice (the change is marked for two seconds).
 */
export async function bytes(homes, peer, { isSmoke, folder }) {
  const [sizes, peers] = await written(homes, peer, { isSmoke, folder });
  return sizes.map((size) =>
    row(
      `dashboard, written for one change elsewhere with ${size.jobs.toLocaleString('en')} jobs`,
      'bytes',
      shown(size),
      peers,
      { ours: size.median, theirs: peers[0].value },
    ),
  );
}

/** Of each home what a change makes its dashboard write, and what the peers write. */
async function written(homes, peer, { isSmoke, folder }) {
  const ptys = homes.map(({ args }) => new Pty(args));
  try {
    await Promise.all(
      ptys.map(async (pty) => {
        await pty.seen(LISTED);
        await settled(pty, isSmoke);
      }),
    );
    const screen = await screenOf(ptys[0]);
    // No time is measured, so all may write at once.
    return await Promise.all([
      Promise.all(homes.map((home, index) => changed(home, ptys[index], isSmoke))),
      peersOf(peer, screen, { isSmoke, folder }),
    ]);
  } finally {
    for (const pty of ptys) await pty.end();
  }
}

/** What Ink's own writer writes for the same screen, in each of its ways. */
function peersOf(peer, screen, { isSmoke, folder }) {
  // As tall as the terminal Ink clears it and writes all of it; with a row less it can write what has changed.
  const [whole, less] = ['whole', 'less'].map((name) => join(folder, `screen-${name}.json`));
  writeFileSync(whole, JSON.stringify(screen));
  writeFileSync(less, JSON.stringify(screen.slice(0, -1)));
  return Promise.all(
    [
      [PEER, whole],
      [`${PEER}, a row less`, less],
      [`${PEER}, a row less, incremental`, less, 'incremental'],
    ].map(async ([name, ...args]) => ({ name, value: await repainted([...peer, ...args], isSmoke) })),
  );
}

/** What each of a few changes makes it write. */
async function changed({ jobs, home }, pty, isSmoke) {
  const [updates, quiet] = isSmoke ? [1, 500] : [2, QUIET_MS];
  const manager = new JobManager({ home });
  try {
    const figures = [];
    for (let update = 0; update < updates; update += 1) {
      const clock = await bytesWritten(pty, quiet, () => {});
      const isEnabled = update % 2 === 1;
      const all = await bytesWritten(pty, quiet, async (from) => {
        const job = await manager.getJob(CHANGED);
        await (isEnabled ? job.enable() : job.disable());
        await pty.seen(CHANGED, from);
      });
      figures.push(all - clock);
    }
    return { jobs, ...spreadOf(figures) };
  } finally {
    await manager.close();
  }
}

/** At each full minute all countdowns are written anew: so much time has to be left before the next one. */
async function withinMinute(ms) {
  const left = 60_000 - (Date.now() % 60_000);
  // Shown a moment after the minute has changed.
  if (left < ms) await delay(left + MARGIN_MS);
}

/** How many bytes it writes from `work` on until it is quiet. */
async function bytesWritten(pty, quiet, work) {
  await withinMinute(quiet + MARGIN_MS);
  const from = pty.raw.length;
  await work(from);
  await delay(quiet);
  return Buffer.byteLength(pty.raw.slice(from));
}

async function repainted(args, isSmoke) {
  const pty = new Pty(args);
  try {
    await pty.seen(LISTED);
    await settled(pty, isSmoke);
    const from = pty.raw.length;
    pty.send('j');
    await pty.seen('changed', from);
    await settled(pty, isSmoke);
    return Buffer.byteLength(pty.raw.slice(from));
  } finally {
    await pty.end();
  }
}

/** The lines that a terminal shows once it has read what was written. */
async function screenOf({ raw }) {
  const terminal = new xterm.Terminal({ cols: 120, rows: 40, allowProposedApi: true });
  await new Promise((drawn) => terminal.write(raw, drawn));
  const { active } = terminal.buffer;
  return Array.from({ length: 40 }, (_, index) => active.getLine(index).translateToString(true));
}
