import type { Clock } from '../lib/clock.ts';

/** Wall clock and monotonic clock may part by this much before it counts, in milliseconds. */
const TOLERANCE_MS = 2_000;

/** No clock is right that shows an earlier time: this program did not exist. Epoch milliseconds. */
const MIN_PLAUSIBLE_TIME = Date.UTC(2024, 0, 1);

/** Whether the clock can be right: a machine without a battery starts in 1970. */
export function isClockPlausible(now: number): boolean {
  return now >= MIN_PLAUSIBLE_TIME;
}

/** What a clock that cannot be right means for the jobs. */
export function describeWrongClock(now: number): string {
  return `the clock shows ${new Date(now).toISOString()}, which cannot be: no job is due until it is set`;
}

/**
 * Sees when the wall clock was set, or the machine slept: compares how far both clocks have gone since they last
 * agreed. Small steps add up until they count; slewing does not show, since it moves both clocks.
 * @returns a function that says by how many milliseconds the wall clock has jumped since it last said so; 0 when it
 *   has not
 */
export function createClockJumpDetector(clock: Clock): () => number {
  let difference = clock.now() - clock.monotonic();
  return () => {
    const now = clock.now() - clock.monotonic();
    const jump = now - difference;
    if (Math.abs(jump) <= TOLERANCE_MS) return 0;
    difference = now;
    return Math.round(jump);
  };
}
