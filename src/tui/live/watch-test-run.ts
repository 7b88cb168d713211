import { callOperation } from '../../core/operations/call-operation.ts';
import type { SubscriptionOf } from '../state/subscription.ts';
import type { EffectContext } from './effect-context.ts';
import type { Unsubscribe } from './subscription-manager.ts';
import { toFailure } from './to-failure.ts';

/** Tries a configuration as long as somebody waits for it; after that its process is ended. */
export function watchTestRun(
  { id, params }: SubscriptionOf<'trial'>,
  { workspace, send }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const { signal } = controller;
  callOperation(workspace, 'test_config', params, { signal }).then(
    (output) => {
      if (!signal.aborted) send({ kind: 'trial_ended', id, outcome: { ok: true, output } });
    },
    (error: unknown) => {
      if (!signal.aborted)
        send({ kind: 'trial_ended', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}
