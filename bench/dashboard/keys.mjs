import { setTimeout as delay } from 'node:timers/promises';
import { growth } from '../growth.mjs';
import { Pty } from '../pty.mjs';
import { elapsed, round } from '../rounds.mjs';
import { LISTED, PEER_SHOWN, row, settled } from './screen.mjs';

const LIMIT_MS = 50;
/** What clears a whole screen, with or without what scrolled out of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is counted
const CLEAR = /\u001b\[[23]J/g;

/** From a key to the bytes that show it, and the clears of a whole screen on the way, some of them after a resize. */
export async function keys(homes, peer, isSmoke) {
  const how = { count: isSmoke ? 5 : 60, isSmoke };
  const sizes = [];
  for (const { jobs, args } of homes) {
    const selected = (key) => `prices-${String(key).padStart(5, '0')}`;
    sizes.push({ jobs, ...(await pressed(new Pty(args), LISTED, selected, how)) });
  }
  const ink = await pressed(new Pty(peer), PEER_SHOWN, (key) => `keys: ${key}.`, how);
  const peers = [{ name: 'bare Ink', value: ink.p95, spread: [ink.median, ink.worst] }];
  const most = sizes.at(-1);
  return [
    ...sizes.map((size) =>
      row(
        `dashboard, key to paint with ${size.jobs.toLocaleString('en')} jobs, p95 (median–worst)`,
        'ms',
        { value: size.p95, spread: [size.median, size.worst] },
        peers,
        size.p95 / ink.p95,
        size === most ? LIMIT_MS : undefined,
      ),
    ),
    growth(
      'dashboard, key to paint, median',
      sizes.map(({ jobs, median }) => ({ n: jobs, cost: median })),
    ),
    row(
      `dashboard, clears of the whole screen in ${how.count} keys and 2 resizes`,
      'clears',
      { value: most.clears },
      [{ name: 'bare Ink', value: ink.clears }],
      most.clears,
      0,
    ),
  ];
}

async function pressed(pty, first, shows, { count, isSmoke }) {
  await pty.seen(first);
  await settled(pty, isSmoke);
  const times = [];
  for (let key = 1; key <= count; key += 1) {
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
    await settled(pty, isSmoke);
  }
  const clears = pty.raw.match(CLEAR)?.length ?? 0;
  await pty.end();
  times.sort((a, b) => a - b);
  const at = (share) => round(times[Math.floor((times.length - 1) * share)], 1);
  return { median: at(0.5), p95: at(0.95), worst: at(1), clears };
}
