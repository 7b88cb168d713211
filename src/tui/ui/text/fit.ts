import measured from 'string-width';
import { splitAtGraphemes, splitGraphemes } from './graphemes.ts';

/**
 * Letters of Latin, Greek and Cyrillic, marks, arrows, lines and blocks of which each is one cell and none joins with
 * another one of them. No emoji, no combining mark, nothing wide; the test counts them all.
 */
const NARROW =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2319\u2460-\u25fc\u2713-\u2718\u2800-\u28ff]*$/;

/** Whether a text takes a cell for each of its code units. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text);
}

/**
 * The cells of a text, as string-width measures them. Its first look at what is not ASCII takes a tenth of a second on a
 * slow machine, as it compiles the pattern of all emoji: so it is asked where a text may hold one.
 */
export default function stringWidth(text: string): number {
  return isNarrow(text) ? text.length : measured(text);
}

/** No more characters of a long text are looked at for each cell; where more of them lie in one, it is cut sooner. */
const PER_CELL = 16;

/** How many cells a terminal gives a text: two for wide East Asian letters and emoji, none for combining marks. */
export function textWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  let cells = 0;
  for (const piece of splitAtGraphemes(text)) cells += stringWidth(piece);
  return cells;
}

/** Cuts a text to at most `cells`, with `…` where something is missing; never through the middle of a character. */
export function truncate(text: string, cells: number): string {
  if (cells <= 0) return '';
  const near = text.slice(0, PER_CELL * (cells + 1));
  if (near.length === text.length && textWidth(text) <= cells) return text;
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

/** Cuts and pads a text to exactly `cells`. */
export function fitTo(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const short = truncate(text, cells);
  const blank = ' '.repeat(Math.max(0, cells - textWidth(short)));
  return align === 'right' ? blank + short : short + blank;
}
