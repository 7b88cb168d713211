import { Box } from 'ink';
import { render } from 'ink-testing-library';
import stringWidth from 'string-width';
import { expect } from 'vitest';
import { Dashboard } from '../../src/tui/app/dashboard.tsx';
import { Store } from '../../src/tui/app/store.ts';
import type { State } from '../../src/tui/kernel/model.ts';
import { makeTheme } from '../../src/tui/ui/theme.ts';

/** Sizes of a terminal, from a wide one to the smallest that is drawn in: columns and rows. */
export const SIZES = [
  [200, 50],
  [120, 30],
  [80, 24],
  [60, 12],
  [40, 10],
] as const;

/** The lines of the whole screen of this state, as wide as they may be. Call `cleanup` after each test. */
export function frameOf(state: State, { colors = true, unicode = true, manyColors = false } = {}): string[] {
  const theme = makeTheme({ colors, manyColors, unicode, screenReader: state.linear });
  const { stdout, lastFrame, rerender } = render(<Box />);
  Object.defineProperty(stdout, 'columns', { value: state.columns, configurable: true });
  rerender(<Dashboard store={new Store(state)} theme={theme} />);
  return (lastFrame() ?? '').split('\n');
}

/** The screen is filled by its lines, and none is longer than it is wide. */
export function expectFit(lines: readonly string[], columns: number, rows: number): void {
  expect(lines).toHaveLength(rows);
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
}
