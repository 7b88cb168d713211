import type { Clock } from '../src/core/lib/clock.ts';

interface Timer {
  at: number;
  turn: number;
  wake: () => void;
}

/** More timers than this at one instant: whoever sets them does not wait but spins. */
const MAX_TIMERS_PER_STEP = 10_000;

/** A clock that only moves when it is told to. Timers are called in the order of their instants, and of their making. */
export class ManualClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #turns = 0;
  readonly #timers = new Set<Timer>();
  /** The longest time that anybody has asked to be woken after, in milliseconds. */
  longestTimer = 0;

  /** @param at the wall clock at first: ISO 8601 or epoch milliseconds */
  constructor(at: string | number) {
    this.#wall = new Date(at).getTime();
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  setTimer(wake: () => void, ms: number): () => void {
    this.longestTimer = Math.max(this.longestTimer, ms);
    const timer = { at: this.#monotonic + Math.max(0, ms), turn: this.#turns++, wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Time goes by. */
  advance(ms: number): void {
    const end = this.#monotonic + ms;
    for (let at = this.#nextTimer(); at !== undefined && at <= end; at = this.#nextTimer()) {
      this.#pass(Math.max(0, at - this.#monotonic));
      this.#callDue();
    }
    this.#pass(end - this.#monotonic);
  }

  /** Time goes by, and nobody was woken meanwhile: a busy machine, or SIGSTOP. Then all due timers are called. */
  stall(ms: number): void {
    this.#pass(ms);
    this.#callDue();
  }

  /** The wall clock is set, forwards or back. */
  step(ms: number): void {
    this.#wall += ms;
  }

  /** The wall clock is set. */
  set(at: string | number): void {
    this.#wall = new Date(at).getTime();
  }

  /** The machine sleeps: the wall clock goes on, the monotonic one and the timers do not. */
  suspend(ms: number): void {
    this.#wall += ms;
  }

  /** As if the process that set the timers had been killed. */
  dropTimers(): void {
    this.#timers.clear();
  }

  get waiting(): number {
    return this.#timers.size;
  }

  #pass(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  #callDue(): void {
    for (let called = 0; ; called += 1) {
      if (called > MAX_TIMERS_PER_STEP) throw new Error('timers are set again and again without any wait');
      const timer = this.#first();
      if (!timer || timer.at > this.#monotonic) return;
      this.#timers.delete(timer);
      timer.wake();
    }
  }

  #nextTimer(): number | undefined {
    return this.#first()?.at;
  }

  #first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.turn < first.turn)) first = timer;
    }
    return first;
  }
}
