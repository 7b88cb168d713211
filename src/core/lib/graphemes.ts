import { once } from './once.ts';

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
export interface Grapheme {
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
