import { Box } from 'ink';
import { render } from 'ink-testing-library';
import { Store } from '../../src/tui/live/store.ts';
import type { State } from '../../src/tui/state/state.ts';
import { makeTheme } from '../../src/tui/theme.ts';
import { Dashboard } from '../../src/tui/views/dashboard.tsx';

/** The lines of the whole screen of this state, as wide as they may be. Call `cleanup` after each test. */
export function frameOf(state: State): string[] {
  const { stdout, lastFrame, rerender } = render(<Box />);
  Object.defineProperty(stdout, 'columns', { value: state.columns, configurable: true });
  rerender(<Dashboard store={new Store(state)} theme={makeTheme({ colors: true, unicode: true })} />);
  return (lastFrame() ?? '').split('\n');
}
