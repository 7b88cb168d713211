import measured from 'string-width';
import { once } from './once.ts';

/** Returns the width of a text in cells: two for wide East Asian letters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  let cells = 0;
  for (const piece of splitAtGraphemes(text)) cells += stringWidth(piece);
  return cells;
}

/**
 * Returns the width of a text in cells, as string-width measures it. Its first call for a text that is not ASCII
 * compiles the pattern of all emoji. That takes a tenth of a second on a slow machine. Therefore it is called only for
 * texts that may contain one.
 */
export function stringWidth(text: string): number {
  return isNarrow(text) ? text.length : measured(text);
}

/** Whether a text takes one cell for each of its code units. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text);
}

/**
 * Letters of Latin, Greek and Cyrillic, marks, arrows, lines and blocks. Each takes one cell, and none joins with
 * another one. No emoji, no combining mark, nothing wide; the test counts them all.
 */
const NARROW =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2319\u2460-\u25fc\u2713-\u2718\u2800-\u28ff]*$/;

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

/** At most this many code units of a long text are read per cell; a text with more of them in a cell is cut earlier. */
const PER_CELL = 16;

const segmenter = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/**
 * Segments this many code units at once. Node 20 copies the whole text for each character that it finds, so segmenting
 * a hundred thousand letters at once takes half a minute.
 */
const CHUNK_LENGTH = 256;

/** Splits a text into pieces that end at grapheme boundaries; joined, they are the text. */
export function* splitAtGraphemes(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > CHUNK_LENGTH) {
    const piece = wholeCharacters(text.slice(start, start + CHUNK_LENGTH));
    yield piece;
    start += piece.length;
  }
  if (start < text.length) yield text.slice(start);
}

/** A user-perceived character and its position. */
interface Grapheme {
  segment: string;
  index: number;
}

/** Returns the user-perceived characters of a text in order. */
export function* splitGraphemes(text: string): Generator<Grapheme> {
  let start = 0;
  for (const piece of splitAtGraphemes(text)) {
    for (const { segment, index } of segmenter().segment(piece)) yield { segment, index: start + index };
    start += piece.length;
  }
}

/** Drops the last character, which may continue. A character longer than the window is cut, but not within a pair. */
function wholeCharacters(window: string): string {
  const paired = /[\ud800-\udbff]$/.test(window) ? window.slice(0, -1) : window;
  const last =
    segmenter()
      .segment(paired)
      .containing(paired.length - 1)?.index ?? 0;
  return last > 0 ? paired.slice(0, last) : paired;
}
