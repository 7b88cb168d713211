import { expect, it } from 'vitest';
import { computeLayout } from '../../../src/tui/ui/layout.ts';
import { press, someState } from '../some-state.ts';

it('+ goes from both panes to the detail alone, the list alone and back, _ the other way', () => {
  const shown = (...keys: string[]) => {
    const state = press(someState({ columns: 200, rows: 50 }), ...keys).state;
    const { mainShown, side } = computeLayout(state, { hasSide: true, pane: state.pane });
    return [mainShown, side !== undefined];
  };
  const [list, both, detail] = [
    [true, false],
    [true, true],
    [false, true],
  ];
  expect(shown()).toEqual(both);
  expect(shown('+')).toEqual(detail);
  expect(shown('+', '+')).toEqual(list);
  expect(shown('+', '+', '+')).toEqual(both);
  expect(shown('_')).toEqual(list);
  // Tab shows the other one in the same room.
  expect(shown('_', 'tab')).toEqual(detail);
});
