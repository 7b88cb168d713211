import { isProgramReplaced } from '../../core/lib/program-replaced.ts';
import type { Subscription } from '../kernel/model.ts';
import type { EffectContext, Subscribers, Unsubscribe } from './effect-context.ts';
import { LiveHome } from './home/live-home.ts';

/** Manages the active subscriptions: each begins when the state first requests it, and ends when it no longer does. */
export class SubscriptionManager {
  readonly #subscribers: Subscribers;
  readonly #context: EffectContext;
  readonly #active = new Map<string, Unsubscribe>();
  #requested: readonly Subscription[] = [];
  #isClosed = false;

  constructor(subscribers: Subscribers, context: EffectContext) {
    this.#subscribers = subscribers;
    this.#context = context;
  }

  update(subscriptions: readonly Subscription[]): void {
    // The answer to a call may arrive after closing.
    if (this.#isClosed || subscriptions === this.#requested) return;
    this.#requested = subscriptions;
    const keys = new Set(subscriptions.map((subscription) => JSON.stringify(subscription)));
    for (const [key, stop] of this.#active) {
      if (keys.has(key)) continue;
      this.#active.delete(key);
      void stop();
    }
    for (const subscription of subscriptions) {
      const key = JSON.stringify(subscription);
      if (this.#active.has(key)) continue;
      // The entry is set first: a subscription may send an event while it starts, and that calls this function again.
      this.#active.set(key, () => {});
      this.#active.set(key, this.#subscribe(subscription));
    }
  }

  /** Ends all subscriptions; no new one is started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const stops = [...this.#active.values()];
    this.#active.clear();
    await Promise.all(stops.map((stop) => stop()));
  }

  #subscribe(subscription: Subscription): Unsubscribe {
    const subscriber = this.#subscribers[subscription.kind] as (
      subscription: Subscription,
      context: EffectContext,
    ) => Unsubscribe;
    return subscriber(subscription, this.#context);
  }
}

const TICK_MS = 1000;

export function watchClock({ workspace, send }: EffectContext): Unsubscribe {
  const timer = setInterval(() => send({ kind: 'tick', now: workspace.clock.now() }), TICK_MS);
  return () => clearInterval(timer);
}

const PROGRAM_CHECK_MS = 10_000;

/** Reports when the program was replaced, and when it is whole again: an installation removes the old one first. */
export function watchProgram(
  { send }: Pick<EffectContext, 'send'>,
  intervalMs = PROGRAM_CHECK_MS,
  check = isProgramReplaced,
): Unsubscribe {
  let before = false;
  const timer = setInterval(() => {
    const isReplaced = check();
    if (isReplaced !== before) send({ kind: 'program', isReplaced });
    before = isReplaced;
  }, intervalMs);
  return () => clearInterval(timer);
}

/** Reads the home and reports all changes in it. The first frame does not wait for this. */
export function watchHome(context: EffectContext): Unsubscribe {
  const { workspace, send, fail } = context;
  let live: LiveHome | undefined;
  const reading = setImmediate(() => {
    try {
      live = new LiveHome(workspace, send);
      context.live = live;
      send({ kind: 'home', data: live.data, changed: [], activity: [] });
      live.start().catch(fail);
    } catch (error) {
      fail(error);
    }
  });
  return async () => {
    clearImmediate(reading);
    context.live = undefined;
    await live?.close();
  };
}
