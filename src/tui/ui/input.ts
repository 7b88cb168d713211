/**
 * A key. `key` is its name with its modifiers (`j`, `G`, `space`, `enter`, `shift+tab`, `ctrl+s`, `alt+x`, `up`,
 * `ctrl+right`, `f5`). `text` is the text that it types into a field; empty for keys that are not characters.
 */
export interface KeyInput {
  kind: 'key';
  key: string;
  text: string;
}

/** A pasted text: line breaks are `\n`. */
export interface PasteInput {
  kind: 'paste';
  text: string;
}

/** A mouse action; `column` and `row` count from 0. */
export interface MouseInput {
  kind: 'mouse';
  what: 'press' | 'release' | 'drag' | 'wheel_up' | 'wheel_down';
  button: 'left' | 'middle' | 'right' | 'none';
  column: number;
  row: number;
  shift: boolean;
  alt: boolean;
  ctrl: boolean;
  /** The second press of a double click. */
  double?: true;
}

export type Input = KeyInput | PasteInput | MouseInput;

/** The input of a key that is known by name only: a character types itself. */
export function namedKeyInput(key: string): KeyInput {
  if (key === 'space') return keyInput(key, ' ');
  return keyInput(key, [...key].length === 1 ? key : '');
}

export function keyInput(key: string, text = ''): KeyInput {
  return { kind: 'key', key, text };
}

/** Returns the name of the pressed key; empty for every other input. */
export function keyOf(input: Input): string {
  return input.kind === 'key' ? input.key : '';
}

/** The number of rows that one notch of the wheel scrolls. */
const WHEEL_ROWS = 3;

/** Returns by how many rows the wheel scrolls (positive is down); 0 for every other input. */
export function wheelRows(input: Input): number {
  if (input.kind !== 'mouse') return 0;
  if (input.what === 'wheel_down') return WHEEL_ROWS;
  return input.what === 'wheel_up' ? -WHEEL_ROWS : 0;
}

/** Whether an input is a click: the left button is pressed. */
export function isClick(input: Input): input is MouseInput {
  return input.kind === 'mouse' && input.what === 'press' && input.button === 'left';
}

/**
 * Returns the clicked line of a list, from 0; `undefined` for every other input.
 * @param top the screen's row of line 0
 */
export function clickedLine(input: Input, top: number): number | undefined {
  return isClick(input) && input.row >= top ? input.row - top : undefined;
}
