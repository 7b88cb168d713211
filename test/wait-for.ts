import { setTimeout as delay } from 'node:timers/promises';
import { describeFailedPrograms } from './started-programs.ts';

/**
 * For what never comes, on any machine: no test's verdict depends on how long something takes. A test may wait for
 * several things within its own limit, `testTimeout` of `vitest.config.ts`, so that the one that did not come is named.
 */
export const HANG_MS = 120_000;

/**
 * Waits until `look` gives something other than undefined or false, and returns it. Looks often; fails with `what`
 * and the programs of the test that failed when nothing ever comes of it.
 * @param cause brings it about: if that fails, the wait ends with its error
 */
export async function waitFor<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  cause?: Promise<unknown>,
): Promise<T> {
  const end = performance.now() + HANG_MS;
  let failure: { error: unknown } | undefined;
  cause?.catch((error: unknown) => {
    failure = { error };
  });
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (failure) throw failure.error;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}${describeFailedPrograms()}`);
    await delay(20);
  }
}
