import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `look` gives something other than undefined or false, and returns it. Looks often; fails with `what`
 * when nothing has come of it in time.
 */
export async function waitFor<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 40_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await delay(20);
  }
}
