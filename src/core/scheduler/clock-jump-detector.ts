import type { Clock } from '../lib/clock.ts';

/** Wall clock and monotonic clock may diverge by this much before it counts as a jump, in milliseconds. */
const TOLERANCE_MS = 2_000;

/** An earlier time is certainly wrong, because this program did not exist then. Epoch milliseconds. */
const MIN_PLAUSIBLE_TIME = Date.UTC(2024, 0, 1);

/** Whether the clock can be right. A machine without a clock battery starts in 1970. */
export function isClockPlausible(now: number): boolean {
  return now >= MIN_PLAUSIBLE_TIME;
}

/** Describes what an implausible clock means for the jobs. */
export function describeWrongClock(now: number): string {
  return `the clock shows ${new Date(now).toISOString()}, which cannot be: no job is due until it is set`;
}

/**
 * Detects that the wall clock was set or that the machine slept: compares how far both clocks have advanced since the
 * last jump. Small steps add up until they exceed the tolerance. Slewing is not detected, because it moves both clocks.
 * @returns a function that returns the wall clock's jump since the last reported jump, in milliseconds; 0 without one
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
