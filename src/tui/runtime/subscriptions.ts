import type { Subscription, SubscriptionOf } from '../app/model.ts';
import {
  watchConfigCheck,
  watchConfigs,
  watchSuggestion,
  watchTestRun,
} from '../features/config-editor/watch-configs.ts';
import { watchJobDetail } from '../features/job-detail/watch-job-detail.ts';
import { watchLog } from '../features/log/watch-log.ts';
import { watchTimeline } from '../features/timeline/read-timeline.ts';
import { watchTrash } from '../features/trash/trash-reader.ts';
import { watchHome } from '../home/watch-home.ts';
import type { EffectContext, Unsubscribe } from './effect-context.ts';

const TICK_MS = 1000;

function watchClock({ workspace, send }: EffectContext): Unsubscribe {
  const timer = setInterval(() => send({ kind: 'tick', now: workspace.clock.now() }), TICK_MS);
  return () => clearInterval(timer);
}

/** Who begins which watch. */
const SUBSCRIBERS: {
  readonly [K in Subscription['kind']]: (
    subscription: SubscriptionOf<K>,
    context: EffectContext,
  ) => Unsubscribe;
} = {
  clock: (_, context) => watchClock(context),
  config_check: watchConfigCheck,
  configs: (_, context) => watchConfigs(context),
  home: (_, context) => watchHome(context),
  job_detail: watchJobDetail,
  log: watchLog,
  timeline: watchTimeline,
  proposal: watchSuggestion,
  trash: watchTrash,
  trial: watchTestRun,
};

/** The watches that go on: begun when the state first asks for them, ended when it no longer does. */
export class SubscriptionManager {
  readonly #context: EffectContext;
  readonly #active = new Map<string, Unsubscribe>();
  #requested: readonly Subscription[] = [];
  #isClosed = false;

  constructor(context: EffectContext) {
    this.#context = context;
  }

  update(subscriptions: readonly Subscription[]): void {
    // The answer to a call may come when all is over.
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
      // Taken first: what a watch tells while it begins leads back here.
      this.#active.set(key, () => {});
      this.#active.set(key, subscribe(subscription, this.#context));
    }
  }

  /** Ends all of them; none is begun any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const stops = [...this.#active.values()];
    this.#active.clear();
    await Promise.all(stops.map((stop) => stop()));
  }
}

function subscribe(subscription: Subscription, context: EffectContext): Unsubscribe {
  const subscriber = SUBSCRIBERS[subscription.kind] as (
    subscription: Subscription,
    context: EffectContext,
  ) => Unsubscribe;
  return subscriber(subscription, context);
}
