import type { State } from './state/state.ts';
import { currentRules } from './state/view-rules.ts';
import type { Watch } from './state/watch.ts';

const ALWAYS: readonly Watch[] = [{ kind: 'clock' }, { kind: 'home' }];

/** What is to be looked after in this state. */
export function wantedWatches(state: State): readonly Watch[] {
  const own = currentRules(state).watches?.(state) ?? [];
  return own.length === 0 ? ALWAYS : [...ALWAYS, ...own];
}
