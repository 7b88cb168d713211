import { findRepairs } from '../../../core/operations/find-repairs.ts';
import { toFailure } from '../../kernel/call.ts';
import type { SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';

/** Searches the page that a run kept for what its broken selectors held. Unsubscribing cancels the search. */
export function watchRepairs(
  { id, runId }: SubscriptionOf<'repairs'>,
  { workspace, send }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const { signal } = controller;
  findRepairs(workspace, runId, { signal }).then(
    (found) => {
      if (!signal.aborted) send({ kind: 'repairs_found', id, outcome: { ok: true, found } });
    },
    (error: unknown) => {
      if (!signal.aborted)
        send({ kind: 'repairs_found', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}

/** Writes selectors into a text and leaves all else in it as it is. Unsubscribing cancels it. */
export function watchWrittenSelector(
  { id, name, yaml, changes }: SubscriptionOf<'write_selector'>,
  { workspace, send }: EffectContext,
): Unsubscribe {
  const controller = new AbortController();
  const { signal } = controller;
  const write = async () => {
    const { checkConfigText } = await import('../../../core/configs/scraper-client.ts');
    const { home } = workspace.paths;
    const checked = await checkConfigText(yaml, `${name}.yaml`, { signal, home, forRun: true, changes });
    return checked.yaml ?? yaml;
  };
  write().then(
    (written) => {
      if (!signal.aborted) send({ kind: 'selector_written', id, outcome: { ok: true, yaml: written } });
    },
    (error: unknown) => {
      if (!signal.aborted)
        send({ kind: 'selector_written', id, outcome: { ok: false, failure: toFailure(error) } });
    },
  );
  return () => controller.abort();
}
