import { expect, it } from 'vitest';
import { DoubleClicks } from '../../../../src/tui/runtime/input/double-click.ts';
import type { MouseInput } from '../../../../src/tui/ui/input.ts';

const CLICK: MouseInput = {
  kind: 'mouse',
  what: 'press',
  button: 'left',
  column: 10,
  row: 5,
  shift: false,
  alt: false,
  ctrl: false,
};

/** Which of these inputs, each with its time, are the second press of a double click. */
function marked(...inputs: readonly [at: number, fields?: Partial<MouseInput>][]): boolean[] {
  const clicks = new DoubleClicks();
  return inputs.map(([at, fields]) => 'double' in clicks.mark({ ...CLICK, ...fields }, at));
}

it('two presses in one place, soon after each other, are a double click', () => {
  expect(marked([0], [200])).toEqual([false, true]);
  expect(marked([0], [50, { what: 'release' }], [200, { column: 11 }])).toEqual([false, false, true]);
});

it('a later press, another row and another button are none', () => {
  expect(marked([0], [500])).toEqual([false, false]);
  expect(marked([0], [200, { row: 6 }])).toEqual([false, false]);
  expect(marked([0], [200, { column: 20 }])).toEqual([false, false]);
  expect(marked([0], [200, { button: 'right' }])).toEqual([false, false]);
});

it('a third press begins anew', () => {
  expect(marked([0], [100], [200], [300])).toEqual([false, true, false, true]);
});
