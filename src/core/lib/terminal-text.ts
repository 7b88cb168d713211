import measured from 'string-width';
import { CONTROL_CHARACTERS, replaceControlCharacters } from './control-characters.ts';
import { splitAtGraphemes, splitGraphemes } from './graphemes.ts';

const PLAIN = /^[\x20-\x7e]*$/;
/** Half of a surrogate pair: a terminal shows it as `\ufffd` anyway, which takes a cell. */
const HALF = /\p{Surrogate}/gu;

/**
 * Converts a text to one line that cannot control a terminal: control characters and halves of a character become
 * `�`, tabs and line breaks one space. For all texts that were scraped or written by a user.
 */
export function sanitizeText(text: string): string {
  return PLAIN.test(text) ? text : sanitizeLines(text).replaceAll(/[\t\n]/g, ' ');
}

/** Like {@link sanitizeText}, but tabs and line breaks stay. */
export function sanitizeLines(text: string): string {
  return replaceControlCharacters(text).replaceAll(HALF, '\ufffd');
}

/**
 * Formats JSON that a terminal cannot interpret as commands: control characters that JSON does not escape become `\u`
 * escapes. The value is the same.
 */
export function safeJson(value: unknown, indent?: number): string {
  return escapeControlCharacters(JSON.stringify(value, null, indent) ?? 'null');
}

/** Whether a text contains a character that a terminal might interpret. */
export function hasControlCharacters(text: string): boolean {
  return text.search(CONTROL_CHARACTERS) >= 0;
}

/** Replaces such characters with `\u` escapes, for text inside the double quotes of JSON or YAML. */
export function escapeControlCharacters(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/**
 * Letters of Latin, Greek and Cyrillic, marks, arrows, lines and blocks. Each takes one cell, and none joins with
 * another one. No emoji, no combining mark, nothing wide; the test counts them all.
 */
const NARROW =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2319\u2460-\u25fc\u2713-\u2718\u2800-\u28ff]*$/;

/** Whether a text takes one cell for each of its code units. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text);
}

/**
 * Returns the width of a text in cells, as string-width measures it. Its first call for a text that is not ASCII
 * compiles the pattern of all emoji. That takes a tenth of a second on a slow machine. Therefore it is called only for
 * texts that may contain one.
 */
export function stringWidth(text: string): number {
  return isNarrow(text) ? text.length : measured(text);
}

/** At most this many code units of a long text are read per cell; a text with more of them in a cell is cut earlier. */
const PER_CELL = 16;

/** Returns the width of a text in cells: two for wide East Asian letters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  let cells = 0;
  for (const piece of splitAtGraphemes(text)) cells += stringWidth(piece);
  return cells;
}

/** Truncates a text to at most `cells`, with `…` at the cut; never through the middle of a character. */
export function truncateToWidth(text: string, cells: number): string {
  if (cells <= 0) return '';
  const near = text.slice(0, PER_CELL * (cells + 1));
  if (near.length === text.length && displayWidth(text) <= cells) return text;
  if (isNarrow(near)) return `${near.slice(0, cells - 1)}…`;
  let fitting = '';
  let width = 0;
  for (const { segment } of splitGraphemes(near)) {
    const next = width + stringWidth(segment);
    if (next > cells - 1) break;
    fitting += segment;
    width = next;
  }
  return `${fitting}…`;
}
