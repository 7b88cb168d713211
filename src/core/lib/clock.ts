/** Lengths in milliseconds. A day of the calendar may be an hour longer or shorter. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

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

/** Timers with unique names: a new timer replaces the one of the same name. */
export class NamedTimers {
  readonly #clock: Clock;
  readonly #pending = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `work` after `ms` milliseconds. */
  set(name: string, work: () => void, ms: number): void {
    this.#pending.get(name)?.();
    this.#pending.set(name, this.#clock.setTimer(work, ms));
  }

  /** Cancels all pending timers. */
  cancelAll(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }
}

const neverNotified = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the thread for some milliseconds; for code that cannot await, such as a call of SQLite. */
export function sleepSync(ms: number): void {
  Atomics.wait(neverNotified, 0, 0, ms);
}
