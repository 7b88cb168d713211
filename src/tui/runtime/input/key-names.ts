/** Names of the sequences `ESC [ … letter` and `ESC O letter`, by their letter. */
export const BY_LETTER: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  M: 'enter',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift+tab',
};

/** Names of the sequences `ESC [ number ~`. */
export const BY_NUMBER: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** Names of control characters; the others are `ctrl+` and their letter. */
const BY_CONTROL: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'escape',
  '\u0000': 'ctrl+space',
};

export function isControl(char: string): boolean {
  return char < ' ' || (char >= '\u007f' && char <= '\u009f');
}

/** Returns the name of a single character's key: `j`, `space`, `enter`, `ctrl+s`, `ctrl+_`. */
export function nameOfChar(char: string): string {
  if (char === ' ') return 'space';
  if (!isControl(char)) return char;
  const known = BY_CONTROL[char];
  if (known !== undefined) return known;
  return char < ' ' ? `ctrl+${String.fromCharCode(char.charCodeAt(0) + 64).toLowerCase()}` : 'unknown';
}

/** xterm's modifier parameter: 1 + (1 Shift, 2 Alt, 4 Ctrl). */
export function withModifiers(name: string, parameter: number | undefined): string {
  const bits = Math.max(0, (parameter ?? 1) - 1);
  const has = (bit: number) => (bits & bit) !== 0;
  return `${has(4) ? 'ctrl+' : ''}${has(2) ? 'alt+' : ''}${has(1) ? 'shift+' : ''}${name}`;
}
