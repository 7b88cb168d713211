import type { SubscriptionOf } from '../state/subscription.ts';
import type { EffectContext } from './effect-context.ts';
import type { Unsubscribe } from './subscription-manager.ts';
import { toFailure } from './to-failure.ts';

/** Looks on a page for what could be taken from it, as long as somebody waits for it. */
export function watchSuggestion(
  { id, url, name }: SubscriptionOf<'proposal'>,
  context: EffectContext,
): Unsubscribe {
  const { workspace, send } = context;
  const controller = new AbortController();
  const { signal } = controller;
  const suggest = async () => {
    const { proposeSelectors } = await import('../../core/configs/scraper-client.ts');
    return proposeSelectors({ url, name, home: workspace.paths.home }, { signal });
  };
  suggest().then(
    (found) => {
      if (!signal.aborted) send({ kind: 'proposed', id, outcome: { ok: true, found } });
    },
    (error: unknown) => {
      if (!signal.aborted) send({ kind: 'proposed', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}
