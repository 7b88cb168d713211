import { MINUTE_MS } from '../../core/lib/clock.ts';
import type { Effect, Event, State } from '../kernel/model.ts';
import { reduce } from './reduce.ts';

/** The shortest time between two frames: 30 per second. */
const FRAME_MS = 1000 / 30;
/** The interval of frames that no input causes, under continuous load: ten per second, because frames are expensive. */
const BACKGROUND_FRAME_MS = 100;
/** After a quiet time, frames may use this much of that budget in advance. */
const BURST_MS = 2 * BACKGROUND_FRAME_MS;

/** Runs the effects and subscriptions of the state. */
export interface EffectRuntime {
  /** Called for each effect, in order, after the state has changed. */
  runEffect(effect: Effect): void;
  /** Called with each new state, which determines the subscriptions. */
  updateSubscriptions(state: State): void;
}

/**
 * Holds the state, and notifies the views of changes: at most 30 times a second after input, 10 times under continuous
 * load without input. A tick that changes only the seconds does not notify them; {@link Store.onClock} does.
 */
export class Store {
  readonly #viewers = new Set<() => void>();
  readonly #clocks = new Set<() => void>();
  #runtime: EffectRuntime | undefined;
  #state: State;
  #visible: State;
  /** The time of the next frame, and the timers that trigger it. */
  #nextAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #visibleAt = Number.NEGATIVE_INFINITY;
  /** The time up to which past frames have used the budget. */
  #usedUpTo = Number.NEGATIVE_INFINITY;

  constructor(state: State) {
    this.#state = state;
    this.#visible = state;
  }

  /** From now on effects run and subscriptions are active. Before that, no event may have an effect. */
  attach(runtime: EffectRuntime): void {
    this.#runtime = runtime;
    runtime.updateSubscriptions(this.#state);
  }

  /** The current state. */
  get state(): State {
    return this.#state;
  }

  /** The state that the views show. */
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

  /** Notifies a listener of each tick; for texts that count seconds. */
  readonly onClock = (clock: () => void): (() => void) => subscribed(this.#clocks, clock);

  #schedule(isUserInput: boolean): void {
    const now = performance.now();
    const at = Math.max(now, this.#visibleAt + FRAME_MS, isUserInput ? now : this.#usedUpTo - BURST_MS);
    if (this.#nextAt <= at) return;
    this.#nextAt = at;
    clearTimeout(this.#timer);
    // Deferred, so that all keys of one input chunk share a frame.
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

/** Whether only the clock differs and no new minute has begun. */
function isOnlyTimeChanged(before: State, after: State): boolean {
  if (Math.floor(before.now / MINUTE_MS) !== Math.floor(after.now / MINUTE_MS)) return false;
  return (Object.keys(after) as (keyof State)[]).every((key) => key === 'now' || before[key] === after[key]);
}
