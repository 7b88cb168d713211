const CSI = '\u001b[';

/** A frame: one string a screen line, styled by SGR sequences, no line wider than the screen. */
export type Frame = readonly string[];

/**
 * The bytes that turn the screen that shows `old` into one that shows `next`; an empty string when they are the same.
 * Only lines that differ are written, each at its own address, within one synchronized update (DEC private mode 2026)
 * and with line wrapping off. `old` undefined: nothing is known of the screen, so each of its `rows` is written. The
 * screen as a whole is never cleared: that flickers.
 */
export function paint(old: Frame | undefined, next: Frame, rows: number): string {
  let bytes = '';
  for (let row = 0; row < rows; row += 1) {
    const line = next[row] ?? '';
    if (old !== undefined && line === (old[row] ?? '')) continue;
    // Cleared first, since whether a line reaches the last cell is for the terminal to say, and it may differ from us.
    bytes += `${CSI}${row + 1};1H${CSI}0m${CSI}K${onlyStyles(line)}`;
  }
  if (bytes === '') return '';
  return `${CSI}?2026h${CSI}?7l${bytes}${CSI}0m${CSI}?7h${CSI}?2026l`;
}

/** The last wall before the terminal: whatever a view let through, nothing but text and SGR leaves. */
function onlyStyles(line: string): string {
  return line.replaceAll(NOT_OURS, (found) => (found.endsWith('m') && SGR.test(found) ? found : '\ufffd'));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const NOT_OURS = /\u001b\[[\d;:]*m|[\u0000-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const SGR = /^\u001b\[[\d;:]*m$/;
