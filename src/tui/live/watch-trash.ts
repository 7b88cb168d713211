import type { SubscriptionOf } from '../state/subscription.ts';
import type { EffectContext } from './effect-context.ts';
import type { Unsubscribe } from './subscription-manager.ts';
import { toFailure } from './to-failure.ts';
import { TrashReader } from './trash-reader.ts';

/** So often is looked whether something was deleted or brought back, in milliseconds. */
const POLL_INTERVAL_MS = 1000;

/** Tells what lies in the trash, and again when that is something else. */
export function watchTrash(_: SubscriptionOf<'trash'>, { workspace, send }: EffectContext): Unsubscribe {
  const reader = new TrashReader(workspace);
  let problem = '';
  const poll = () => {
    try {
      const rows = reader.read();
      problem = '';
      if (rows !== undefined) send({ kind: 'trash', rows });
    } catch (error) {
      const { message } = toFailure(error);
      // Once, and not with every look.
      if (message !== problem) send({ kind: 'said', tone: 'bad', text: message });
      problem = message;
    }
  };
  const timer = setInterval(poll, POLL_INTERVAL_MS);
  const first = setImmediate(poll);
  return () => {
    clearInterval(timer);
    clearImmediate(first);
  };
}
