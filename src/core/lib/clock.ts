/**
 * A source of time. There are two implementations: the system's clock here, and a manual one in the tests
 * that can be stepped, suspended and set back.
 */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Milliseconds that never go back and ignore clock corrections. */
  monotonic(): number;
  /** Calls `wake` once after `ms` milliseconds; returns a function that cancels it. */
  setTimer(wake: () => void, ms: number): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(wake, ms) {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};
