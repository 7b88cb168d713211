import type { Clock } from '../lib/clock.ts';

/** Timers of which there is one a name: a new one takes the place of the one before. */
export class NamedTimers {
  readonly #clock: Clock;
  readonly #pending = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has `work` done after `ms` milliseconds. */
  set(name: string, work: () => void, ms: number): void {
    this.#pending.get(name)?.();
    this.#pending.set(name, this.#clock.setTimer(work, ms));
  }

  /** Nothing that waits is done any more. */
  cancelAll(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }
}
