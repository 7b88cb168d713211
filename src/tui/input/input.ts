/**
 * A key: `key` is its name with its modifiers (`j`, `G`, `space`, `enter`, `shift+tab`, `ctrl+s`, `alt+x`, `up`,
 * `ctrl+right`, `f5`), `text` what it writes into a field, empty for all that are no characters.
 */
export interface KeyInput {
  kind: 'key';
  key: string;
  text: string;
}

/** A text that was pasted: line breaks are `\n`. */
export interface PasteInput {
  kind: 'paste';
  text: string;
}

/** What the mouse did; `column` and `row` count from 0. */
export interface MouseInput {
  kind: 'mouse';
  what: 'press' | 'release' | 'drag' | 'wheel_up' | 'wheel_down';
  button: 'left' | 'middle' | 'right' | 'none';
  column: number;
  row: number;
  shift: boolean;
  alt: boolean;
  ctrl: boolean;
}

export type Input = KeyInput | PasteInput | MouseInput;

export function keyInput(key: string, text = ''): KeyInput {
  return { kind: 'key', key, text };
}

/** The name of the key that was pressed; empty for every other input. */
export function keyOf(input: Input): string {
  return input.kind === 'key' ? input.key : '';
}
