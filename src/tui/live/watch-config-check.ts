import { failedCheck, passedCheck } from '../configs/config-row.ts';
import type { SubscriptionOf } from '../state/subscription.ts';
import type { EffectContext } from './effect-context.ts';
import type { Unsubscribe } from './subscription-manager.ts';
import { toFailure } from './to-failure.ts';

/** Whoever passes by on the way to another one has none checked. */
const DEBOUNCE_MS = 150;

/** Has a stored configuration checked, as long as somebody looks at it, and tells what came of it. */
export function watchConfigCheck(
  { name, yaml }: SubscriptionOf<'config_check'>,
  { send, workspace }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const timer = setTimeout(async () => {
    const { checkConfigText } = await import('../../core/configs/scraper-client.ts');
    const { signal } = controller;
    try {
      const { warnings } = await checkConfigText(yaml, `${name}.yaml`, {
        signal,
        home: workspace.paths.home,
        forRun: true,
      });
      if (!signal.aborted) send({ kind: 'config_checked', name, check: passedCheck(yaml, warnings) });
    } catch (error) {
      if (!signal.aborted) send({ kind: 'config_checked', name, check: failedCheck(yaml, toFailure(error)) });
    }
  }, DEBOUNCE_MS);
  return () => {
    clearTimeout(timer);
    controller.abort();
  };
}
