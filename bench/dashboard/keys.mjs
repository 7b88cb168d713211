import { setTimeout as delay } from 'node:timers/promises';
import { growth } from '../growth.mjs';
import { Pty } from '../pty.mjs';
import { elapsed, inTurn, shown, spreadOf } from '../rounds.mjs';
import { atMost } from '../verdict.mjs';
import { LISTED, PEER, PEER_SHOWN, row, settled } from './screen.mjs';

const LIMIT_MS = 50;
const WHY_KEYS =
  'Bare Ink paints a screen of plain lines with each key; ours has a list, its details and colours.';
const WHY_CLEARS = 'Ink clears a screen that is as tall as the terminal whenever it writes it.';
/** What clears a whole screen, with or without what scrolled out of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is counted
const CLEAR = /\u001b\[[23]J/g;
/** All rounds together stay within the smallest list. */
const ROUNDS = 3;
const KEYS = 30;

/** From a key to the bytes that show it, and the clears of a whole screen on the way, some of them after a resize. */
export async function keys(homes, peer, { rounds = ROUNDS, isSmoke }) {
  const count = isSmoke ? 5 : KEYS;
  const turns = Math.min(ROUNDS, rounds);
  const rivals = [
    ...homes.map(({ args }) => ({
      args,
      first: LISTED,
      shows: (key) => `prices-${String(key).padStart(5, '0')}`,
    })),
    { args: peer, first: PEER_SHOWN, shows: (key) => `keys: ${key}.` },
  ];
  const ptys = rivals.map(({ args }) => new Pty(args));
  try {
    await Promise.all(
      ptys.map(async (pty, index) => {
        await pty.seen(rivals[index].first);
        await settled(pty, isSmoke);
      }),
    );
    const times = await inTurn(
      ptys.map((pty, index) => pressing(pty, rivals[index].shows, count)),
      turns,
    );
    const typed = await inTurn([typing(ptys[homes.length - 1])], turns);
    await Promise.all(ptys.map((pty) => resized(pty, isSmoke)));
    const clears = ptys.map((pty) => pty.raw.match(CLEAR)?.length ?? 0);
    return [
      ...painted(homes, times),
      inPalette(homes.at(-1), typed[0]),
      ...cleared(homes, clears, `${turns * count} keys and 2 resizes`),
    ];
  } finally {
    for (const pty of ptys) await pty.end();
  }
}

/** What presses the next keys, and returns the milliseconds that each took. */
function pressing(pty, shows, count) {
  let key = 0;
  return async () => {
    const times = [];
    for (let left = count; left > 0; left -= 1) {
      key += 1;
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
    return times;
  };
}

const WORDS = 'filter the jobs';
const ESCAPE = '\u001b';

/** What opens the palette above a list, which is then painted in grey, and types; with the milliseconds of each key. */
function typing(pty) {
  return async () => {
    const times = [];
    for (let at = 0; at <= WORDS.length; at += 1) {
      const from = pty.raw.length;
      const shows = at === 0 ? ' Actions ' : `${WORDS.slice(0, at)}\u001b[7m `;
      times.push(
        await elapsed(async () => {
          pty.send(at === 0 ? ':' : WORDS.charAt(at - 1));
          await pty.seen(shows, from);
        }),
      );
      await delay(20 + Math.random() * 40);
    }
    const from = pty.raw.length;
    pty.send(ESCAPE);
    // The list has its colours again.
    await pty.seen('prices-', from);
    return times;
  };
}

function inPalette({ jobs }, rounds) {
  const p95 = spreadOf(rounds.map((times) => at(times, 0.95)));
  const name = `dashboard, key to paint in the palette above ${jobs.toLocaleString('en')} jobs, p95`;
  return {
    ...{ name, ours: shown(p95, 1).value, spread: shown(p95, 1).spread, unit: 'ms', peers: [] },
    ...atMost(p95.median, LIMIT_MS, { unit: 'ms', why: WHY_KEYS }),
  };
}

async function resized(pty, isSmoke) {
  for (const [columns, rows] of [
    [90, 30],
    [120, 40],
  ]) {
    pty.resize(columns, rows);
    await settled(pty, isSmoke);
  }
}

function painted(homes, times) {
  const p95 = times.map((all) => spreadOf(all.map((round) => at(round, 0.95))));
  const ink = p95.at(-1);
  const peers = [{ name: PEER, ...shown(ink, 1) }];
  const rows = homes.map(({ jobs }, index) => {
    const us = p95[index];
    const name = `dashboard, key to paint with ${jobs.toLocaleString('en')} jobs, p95`;
    return row(name, 'ms', shown(us, 1), peers, { ours: us.median, theirs: ink.median });
  });
  const most = p95[homes.length - 1].median;
  Object.assign(rows.at(-1), atMost(most, LIMIT_MS, { unit: 'ms', why: WHY_KEYS }));
  return [
    ...rows,
    growth(
      'dashboard, key to paint, p95',
      homes.map(({ jobs }, index) => ({ n: jobs, cost: p95[index].median })),
    ),
  ];
}

function cleared(homes, clears, during) {
  const ink = clears.at(-1);
  return homes.map(({ jobs }, index) => ({
    ...row(
      `dashboard, clears of the whole screen in ${during} with ${jobs.toLocaleString('en')} jobs`,
      'clears',
      { value: clears[index] },
      [{ name: PEER, value: ink }],
      { ours: clears[index], theirs: Math.max(ink, 1) },
    ),
    ...atMost(clears[index], 0, { unit: 'clears', why: WHY_CLEARS, from: 'own' }),
  }));
}

function at(times, share) {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)];
}
