import { resolveHome } from '../../src/core/fs/paths.ts';
import { initialState } from '../../src/tui/app/features.ts';
import { reduce } from '../../src/tui/app/reduce.ts';
import type { Effect, State } from '../../src/tui/kernel/model.ts';
import { nameOfChar } from '../../src/tui/runtime/input/key-names.ts';
import { keyInput } from '../../src/tui/ui/input.ts';

/** A state as the dashboard begins with, with some fields of the test's own. */
export function someState(fields: Partial<State> = {}): State {
  const state = initialState({
    columns: 100,
    rows: 30,
    now: Date.parse('2026-11-26T10:00:00Z'),
    timezone: 'UTC',
    readOnly: false,
    mouse: true,
    linear: false,
    paths: resolveHome({ home: '/home' }),
    homeName: '/home',
  });
  return { ...state, ...fields };
}

/** The state after some keys, by their names (a character is its own), and all effects on the way. */
export function press(state: State, ...keys: readonly string[]): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  let next = state;
  for (const key of keys) {
    const [char] = [...key];
    const input = char === key ? keyInput(nameOfChar(key), key) : keyInput(key, key === 'space' ? ' ' : '');
    const step = reduce(next, input);
    next = step.state;
    effects.push(...step.effects);
  }
  return { state: next, effects };
}

/** Each character of a text as a key. */
export function typed(text: string): string[] {
  return [...text];
}
