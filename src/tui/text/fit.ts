import { splitAtGraphemes, splitGraphemes } from './graphemes.ts';
import stringWidth, { isNarrow } from './string-width.ts';

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
