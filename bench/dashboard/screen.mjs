import { setTimeout as delay } from 'node:timers/promises';
import { ratioTo } from '../verdict.mjs';

/** @typedef {{ jobs: number, home: string, args: string[] }} Home a home of so many jobs, and what opens the dashboard in it */

/** What is on the screen as soon as the list is: the first job of every home. */
export const LISTED = 'prices-00000';
/** The same of the peer. */
export const PEER_SHOWN = 'keys: 0.';

/** Resolves when it has used no processor time worth mentioning for a second; a smoke test does not wait for that. */
export async function settled(pty, isSmoke) {
  if (isSmoke) return delay(100);
  for (let before = pty.cpuMs(), quiet = 0; quiet < 2; ) {
    await delay(500);
    const now = pty.cpuMs();
    quiet = now - before <= 30 ? quiet + 1 : 0;
    before = now;
  }
}

export const PEER = 'bare Ink';

/**
 * A row beside the least that Ink can be.
 * @param us what is shown, as `value` and `spread`
 * @param ours what is compared, not rounded
 * @param theirs Ink's
 */
export function row(name, unit, { value, spread }, peers, { ours, theirs }) {
  return { name, ours: value, spread, unit, peers, ...ratioTo(PEER, ours, theirs) };
}
