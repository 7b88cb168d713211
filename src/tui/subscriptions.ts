import type { State } from './state/state.ts';
import type { Subscription } from './state/subscription.ts';
import { currentRules } from './state/view-rules.ts';

const BASE_SUBSCRIPTIONS: readonly Subscription[] = [{ kind: 'clock' }, { kind: 'home' }];

/** What is to be looked after in this state. */
export function subscriptionsOf(state: State): readonly Subscription[] {
  const viewSubscriptions = currentRules(state).subscriptions?.(state) ?? [];
  return viewSubscriptions.length === 0 ? BASE_SUBSCRIPTIONS : [...BASE_SUBSCRIPTIONS, ...viewSubscriptions];
}
