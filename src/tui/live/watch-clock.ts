import type { StopWatch } from './keep-watches.ts';
import type { Surroundings } from './surroundings.ts';

const TICK_MS = 1000;

export function watchClock({ workspace, send }: Surroundings): StopWatch {
  const timer = setInterval(() => send({ kind: 'tick', now: workspace.clock.now() }), TICK_MS);
  return () => clearInterval(timer);
}
