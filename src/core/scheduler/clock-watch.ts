import type { Clock } from '../clock.ts';

/** Wall clock and monotonic clock may part by this much before it counts, in milliseconds. */
const TOLERANCE_MS = 2_000;

/**
 * Sees when the wall clock was set, or the machine slept: compares how far both clocks have gone since the last look.
 * @returns a function that says by how many milliseconds the wall clock jumped since its last call; 0 when it did not
 */
export function watchClock(clock: Clock): () => number {
  let wall = clock.now();
  let monotonic = clock.monotonic();
  return () => {
    const jump = clock.now() - wall - (clock.monotonic() - monotonic);
    wall = clock.now();
    monotonic = clock.monotonic();
    return Math.abs(jump) > TOLERANCE_MS ? Math.round(jump) : 0;
  };
}
