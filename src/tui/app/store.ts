import type { Effect, Event, State } from '../kernel/model.ts';
import { reduce } from './reduce.ts';

/** At most so many frames a second. */
const FRAME_MS = 1000 / 30;
/** What happens by itself is shown ten times a second when it goes on and on: frames are what costs. */
const BACKGROUND_FRAME_MS = 100;
/** So much of that is lent to who has shown nothing for a while. */
const BURST_MS = 2 * BACKGROUND_FRAME_MS;
const MINUTE_MS = 60_000;

/** What the world does for the state. */
export interface EffectRuntime {
  /** Called for each effect, in order, after the state has changed. */
  runEffect(effect: Effect): void;
  /** Called with each new state: it says what is to be looked after. */
  updateSubscriptions(state: State): void;
}

/**
 * Holds the state, and tells the views when there is something new to show: at most 30 times a second after keys, 10
 * times when much happens by itself, and not for a second that has passed (for that there is {@link Store.onClock}).
 */
export class Store {
  readonly #viewers = new Set<() => void>();
  readonly #clocks = new Set<() => void>();
  #runtime: EffectRuntime | undefined;
  #state: State;
  #visible: State;
  /** When the next frame comes, and what brings it. */
  #nextAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #visibleAt = Number.NEGATIVE_INFINITY;
  /** Up to when the frames that were shown so far have used up the time. */
  #usedUpTo = Number.NEGATIVE_INFINITY;

  constructor(state: State) {
    this.#state = state;
    this.#visible = state;
  }

  /** From now on effects are carried out and watches kept; before there must be no event that asks for an effect. */
  attach(runtime: EffectRuntime): void {
    this.#runtime = runtime;
    runtime.updateSubscriptions(this.#state);
  }

  /** The state as it is. */
  get state(): State {
    return this.#state;
  }

  /** The state as the views show it. */
  readonly visible = (): State => this.#visible;

  readonly now = (): number => this.#state.now;

  readonly send = (event: Event): void => {
    const before = this.#state;
    const { state, effects } = reduce(before, event);
    this.#state = state;
    if (state !== before) {
      if (state.now !== before.now) for (const notify of this.#clocks) notify();
      if (!isOnlyTimeChanged(before, state)) this.#schedule(isFromUser(event));
      this.#runtime?.updateSubscriptions(state);
    }
    for (const effect of effects) this.#runtime?.runEffect(effect);
  };

  readonly subscribe = (viewer: () => void): (() => void) => subscribed(this.#viewers, viewer);

  /** Told of each tick; for what counts seconds. */
  readonly onClock = (clock: () => void): (() => void) => subscribed(this.#clocks, clock);

  #schedule(isUserInput: boolean): void {
    const now = performance.now();
    const at = Math.max(now, this.#visibleAt + FRAME_MS, isUserInput ? now : this.#usedUpTo - BURST_MS);
    if (this.#nextAt <= at) return;
    this.#nextAt = at;
    clearTimeout(this.#timer);
    // Not at once: the keys of one chunk are one frame.
    if (at > now) this.#timer = setTimeout(() => this.#show(), at - now);
    else this.#immediate ??= setImmediate(() => this.#show());
  }

  #show(): void {
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.#immediate = undefined;
    this.#visibleAt = performance.now();
    const used = Math.max(this.#usedUpTo, this.#visibleAt) + BACKGROUND_FRAME_MS;
    this.#usedUpTo = Math.min(used, this.#visibleAt + BURST_MS + BACKGROUND_FRAME_MS);
    this.#visible = this.#state;
    for (const notify of this.#viewers) notify();
  }
}

function isFromUser({ kind }: Event): boolean {
  return kind === 'key' || kind === 'paste' || kind === 'mouse' || kind === 'resize';
}

function subscribed(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Nothing but the clock differs, and no new minute has begun. */
function isOnlyTimeChanged(before: State, after: State): boolean {
  if (Math.floor(before.now / MINUTE_MS) !== Math.floor(after.now / MINUTE_MS)) return false;
  return (Object.keys(after) as (keyof State)[]).every((key) => key === 'now' || before[key] === after[key]);
}
