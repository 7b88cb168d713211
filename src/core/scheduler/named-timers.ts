import type { Clock } from '../lib/clock.ts';

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
