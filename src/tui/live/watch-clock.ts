import type { EffectContext } from './effect-context.ts';
import type { Unsubscribe } from './subscription-manager.ts';

const TICK_MS = 1000;

export function watchClock({ workspace, send }: EffectContext): Unsubscribe {
  const timer = setInterval(() => send({ kind: 'tick', now: workspace.clock.now() }), TICK_MS);
  return () => clearInterval(timer);
}
