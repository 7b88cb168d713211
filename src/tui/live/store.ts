import { reduce } from '../reduce.ts';
import type { Effect } from '../state/effect.ts';
import type { Event } from '../state/event.ts';
import type { State } from '../state/state.ts';

/** At most so many frames a second. */
const FRAME_MS = 1000 / 30;
const MINUTE_MS = 60_000;

/** What the world does for the state. */
export interface World {
  /** Called for each effect, in order, after the state has changed. */
  carryOut(effect: Effect): void;
  /** Called with each new state: it says what is to be looked after. */
  keep(state: State): void;
}

/**
 * Holds the state, and tells the views when there is something new to show: at most 30 times a second, and not for a
 * second that has passed (for that there is {@link Store.onClock}).
 */
export class Store {
  readonly #viewers = new Set<() => void>();
  readonly #clocks = new Set<() => void>();
  #world: World | undefined;
  #state: State;
  #shown: State;
  #pending: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(state: State) {
    this.#state = state;
    this.#shown = state;
  }

  /** From now on effects are carried out and watches kept; before there must be no event that asks for an effect. */
  begin(world: World): void {
    this.#world = world;
    world.keep(this.#state);
  }

  /** The state as it is. */
  get state(): State {
    return this.#state;
  }

  /** The state as the views show it. */
  readonly shown = (): State => this.#shown;

  readonly now = (): number => this.#state.now;

  readonly send = (event: Event): void => {
    const before = this.#state;
    const { state, effects } = reduce(before, event);
    this.#state = state;
    if (state !== before) {
      if (state.now !== before.now) for (const tell of this.#clocks) tell();
      if (!onlyTimePassed(before, state)) this.#schedule();
      this.#world?.keep(state);
    }
    for (const effect of effects) this.#world?.carryOut(effect);
  };

  readonly subscribe = (viewer: () => void): (() => void) => subscribed(this.#viewers, viewer);

  /** Told of each tick; for what counts seconds. */
  readonly onClock = (clock: () => void): (() => void) => subscribed(this.#clocks, clock);

  #schedule(): void {
    if (this.#pending !== undefined) return;
    const wait = this.#shownAt + FRAME_MS - performance.now();
    // Not at once: the keys of one chunk are one frame.
    this.#pending = wait <= 0 ? setImmediate(() => this.#show()) : setTimeout(() => this.#show(), wait);
  }

  #show(): void {
    this.#pending = undefined;
    this.#shownAt = performance.now();
    this.#shown = this.#state;
    for (const tell of this.#viewers) tell();
  }
}

function subscribed(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Nothing but the clock differs, and no new minute has begun. */
function onlyTimePassed(before: State, after: State): boolean {
  if (Math.floor(before.now / MINUTE_MS) !== Math.floor(after.now / MINUTE_MS)) return false;
  return (Object.keys(after) as (keyof State)[]).every((key) => key === 'now' || before[key] === after[key]);
}
