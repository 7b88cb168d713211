import { once } from './once.ts';

const segmenter = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/**
 * So many code units are segmented at once. Node 20 copies the whole text for each character that it finds, so that a
 * hundred thousand letters at once take half a minute.
 */
const CHUNK_LENGTH = 256;

/** A text in pieces that end where one of its characters does; together they are the text. */
export function* splitAtGraphemes(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > CHUNK_LENGTH) {
    const piece = wholeCharacters(text.slice(start, start + CHUNK_LENGTH));
    yield piece;
    start += piece.length;
  }
  if (start < text.length) yield text.slice(start);
}

/** A character as people see it, and where it begins. */
export interface Grapheme {
  segment: string;
  index: number;
}

/** The characters of a text as people see them, one after the other. */
export function* splitGraphemes(text: string): Generator<Grapheme> {
  let start = 0;
  for (const piece of splitAtGraphemes(text)) {
    for (const { segment, index } of segmenter().segment(piece)) yield { segment, index: start + index };
    start += piece.length;
  }
}

/** Without the last character, which may go on; one that is longer than all this is cut, but not within a pair. */
function wholeCharacters(window: string): string {
  const paired = /[\ud800-\udbff]$/.test(window) ? window.slice(0, -1) : window;
  const last =
    segmenter()
      .segment(paired)
      .containing(paired.length - 1)?.index ?? 0;
  return last > 0 ? paired.slice(0, last) : paired;
}
