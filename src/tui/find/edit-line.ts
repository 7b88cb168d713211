/** A line that is being typed; the cursor is an offset in UTF-16 units between two graphemes. */
export interface Line {
  readonly text: string;
  readonly cursor: number;
}

export type CursorMove = 'left' | 'right' | 'wordLeft' | 'wordRight' | 'start' | 'end';
export type Erasure = 'back' | 'forward' | 'wordBack' | 'toStart' | 'toEnd';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Puts text in at the cursor; line breaks of a paste become spaces, other control characters go. */
export function typeInto({ text, cursor }: Line, typed: string): Line {
  const clean = typed.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/\p{Cc}/gu, '');
  return { text: text.slice(0, cursor) + clean + text.slice(cursor), cursor: cursor + clean.length };
}

export function moveInLine(line: Line, move: CursorMove): Line {
  return { ...line, cursor: targetOf(line, move) };
}

export function eraseInLine(line: Line, erasure: Erasure): Line {
  const moves = {
    back: 'left',
    forward: 'right',
    wordBack: 'wordLeft',
    toStart: 'start',
    toEnd: 'end',
  } as const;
  const target = targetOf(line, moves[erasure]);
  const [from, to] = [Math.min(target, line.cursor), Math.max(target, line.cursor)];
  return { text: line.text.slice(0, from) + line.text.slice(to), cursor: from };
}

function targetOf({ text, cursor }: Line, move: CursorMove): number {
  switch (move) {
    case 'start':
      return 0;
    case 'end':
      return text.length;
    case 'left':
      return stops(text).findLast((stop) => stop < cursor) ?? 0;
    case 'right':
      return stops(text).find((stop) => stop > cursor) ?? text.length;
    case 'wordLeft':
      return /\S*\s*$/.exec(text.slice(0, cursor))?.index ?? 0;
    case 'wordRight':
      return cursor + (/^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0);
    default:
      return move satisfies never;
  }
}

/** Where a cursor may stand. */
function stops(text: string): number[] {
  return [...Array.from(graphemes.segment(text), ({ index }) => index), text.length];
}
