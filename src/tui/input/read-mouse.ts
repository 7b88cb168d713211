import type { MouseInput } from './input.ts';

const BUTTONS = ['left', 'middle', 'right', 'none'] as const;

/** A report of the mouse in SGR form (xterm's mode 1006): `ESC [ < code ; column ; row M` or `m`. */
export function readMouse(sequence: string): MouseInput | undefined {
  const [, code, column, row, end] = /^.\[<(\d+);(\d+);(\d+)([Mm])$/.exec(sequence) ?? [];
  if (code === undefined) return undefined;
  const bits = Number(code);
  return {
    kind: 'mouse',
    what: whatOf(bits, end === 'm'),
    button: (bits & 64) === 0 ? (BUTTONS[bits & 3] ?? 'none') : 'none',
    column: Math.max(0, Number(column) - 1),
    row: Math.max(0, Number(row) - 1),
    shift: (bits & 4) !== 0,
    alt: (bits & 8) !== 0,
    ctrl: (bits & 16) !== 0,
  };
}

function whatOf(bits: number, released: boolean): MouseInput['what'] {
  if ((bits & 64) !== 0) return (bits & 1) === 0 ? 'wheel_up' : 'wheel_down';
  if ((bits & 32) !== 0) return 'drag';
  return released ? 'release' : 'press';
}
