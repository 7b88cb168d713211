import { setTimeout as delay } from 'node:timers/promises';
import { growth } from '../growth.mjs';
import { Pty } from '../pty.mjs';
import { elapsed, round } from '../rounds.mjs';
import { LISTED, PEER_SHOWN, row, settled } from './screen.mjs';

/** Long enough for what comes once a minute or twice. */
const IDLE_MS = 60_000;
const AFTER_START_MS = 45_000;
/** Percent of one processor. */
const LIMIT = 1.5;

/**
 * Percent of one processor while nobody touches it, of all of them during the same minute: what they use together leaves both
 * cores idle. The peer has no clock, no countdown and no store to watch.
 */
export async function idle(homes, peer, isSmoke) {
  const [wait, minute] = isSmoke ? [0, 500] : [AFTER_START_MS, IDLE_MS];
  const rivals = [...homes.map(({ args }) => [args, LISTED]), [peer, PEER_SHOWN]];
  const ptys = [];
  try {
    for (const [args, text] of rivals) {
      const pty = new Pty(args);
      ptys.push(pty);
      await pty.seen(text);
      // What is read after the first frame is not idleness, nor is what V8 collects of it, once, half a minute later.
      await settled(pty, isSmoke);
    }
    await delay(wait);
    const before = ptys.map((pty) => pty.cpuMs());
    const time = await elapsed(() => delay(minute));
    const shares = ptys.map((pty, index) => round((100 * (pty.cpuMs() - before[index])) / time));
    const ink = shares.at(-1);
    const peers = [{ name: 'bare Ink', value: ink }];
    const sizes = homes.map(({ jobs }, index) => ({ jobs, share: shares[index] }));
    return [
      ...sizes.map(({ jobs, share }, index) => {
        const name = `dashboard, idle with ${jobs.toLocaleString('en')} jobs`;
        const isLargest = index === homes.length - 1;
        return row(name, '% CPU', { value: share }, peers, share - ink, isLargest ? LIMIT : undefined);
      }),
      growth(
        'dashboard, idle',
        // A process that used less than the clock counts is not one that used nothing.
        sizes.map(({ jobs, share }) => ({ n: jobs, cost: Math.max(share, 0.01) })),
        'jobs',
        '% CPU',
      ),
    ];
  } finally {
    for (const pty of ptys) await pty.end();
  }
}
