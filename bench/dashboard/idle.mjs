import { setTimeout as delay } from 'node:timers/promises';
import { Pty } from '../pty.mjs';
import { elapsed, round, shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { LISTED, PEER, PEER_SHOWN, settled } from './screen.mjs';

/** Together long enough for what comes once a minute or twice. */
const WINDOWS = 4;
const WINDOW_MS = 15_000;
const AFTER_START_MS = 45_000;
/** After what was changed meanwhile, whose mark fades after two seconds. */
const AFTER_CHANGES_MS = 5_000;
/** Percent of one processor. */
const LIMIT = 1.5;
const WHY = 'Bare Ink has no clock, no countdown and no store to watch.';

/**
 * Percent of one processor while nobody touches it, of all of them at the same time: what they use together leaves both cores
 * idle. What comes at a full minute falls into one window of four, so the figure is that of all of them, and the spread
 * that of the windows. The peer has no clock, no countdown and no store to watch.
 * @param meanwhile measures something else while they come to rest: by then they use next to nothing
 * @returns what `meanwhile` returns, then these rows
 */
export async function idle(homes, peer, { isSmoke, meanwhile }) {
  const [wait, quiet, window] = isSmoke ? [0, 0, 100] : [AFTER_START_MS, AFTER_CHANGES_MS, WINDOW_MS];
  const rivals = [...homes.map(({ args }) => [args, LISTED]), [peer, PEER_SHOWN]];
  const ptys = [];
  try {
    for (const [args] of rivals) ptys.push(new Pty(args));
    // What is read after the first frame is not idleness, nor is what V8 collects of it, once, half a minute later.
    await Promise.all(
      ptys.map(async (pty, index) => {
        await pty.seen(rivals[index][1]);
        await settled(pty, isSmoke);
      }),
    );
    const [others] = await Promise.all([meanwhile(), delay(wait)]);
    await delay(quiet);
    const windows = ptys.map(() => []);
    for (let left = WINDOWS; left > 0; left -= 1) {
      const before = ptys.map((pty) => pty.cpuMs());
      const time = await elapsed(() => delay(window));
      for (const [index, pty] of ptys.entries())
        windows[index].push((100 * (pty.cpuMs() - before[index])) / time);
    }
    return [...others, ...rowsOf(homes, windows)];
  } finally {
    for (const pty of ptys) await pty.end();
  }
}

function rowsOf(homes, windows) {
  const shares = windows.map((all) => all.reduce((sum, share) => sum + share, 0) / all.length);
  const said = (index) => ({ ...shown(spreadOf(windows[index]), 2), value: round(shares[index]) });
  const ink = shares.length - 1;
  const peers = [{ name: PEER, ...said(ink) }];
  return homes.map(({ jobs }, index) => {
    const { value, spread } = said(index);
    const name = `dashboard, idle with ${jobs.toLocaleString('en')} jobs`;
    // Ink uses less than the system counts: to nothing there is no ratio.
    return {
      ...{ name, ours: value, spread, unit: '% CPU', peers },
      ...ratioTo('its budget', shares[index], LIMIT),
      ...atMost(shares[index], LIMIT, { unit: '% CPU', why: WHY }),
    };
  });
}
