import { splitGraphemes } from '../../../core/lib/graphemes.ts';
import { cleanLine } from './clean.ts';
import { textWidth } from './fit.ts';

const ASCII = /^[\x20-\x7e]*$/;

/**
 * Where a text is broken into rows of `columns` cells: the index of each row's first character; at least one. Never
 * through the middle of a character; one that is wider than a row has one of its own.
 *
 * @param maxRows no more rows are looked for
 */
export function rowStarts(text: string, columns: number, maxRows = Number.POSITIVE_INFINITY): number[] {
  const width = Math.max(1, columns);
  const starts = [0];
  if (ASCII.test(text)) {
    for (let start = width; start < text.length && starts.length < maxRows; start += width)
      starts.push(start);
    return starts;
  }
  let cells = 0;
  for (const { segment, index } of splitGraphemes(text)) {
    const wide = textWidth(segment);
    if (cells + wide > width && cells > 0) {
      starts.push(index);
      if (starts.length >= maxRows) return starts;
      cells = 0;
    }
    cells += wide;
  }
  return starts;
}

/** A part of a text by cells. */
interface CellSlice {
  /** The characters that lie in it as a whole: `[start, end)` of the text. */
  start: number;
  end: number;
  /** Cells at its beginning that belong to a wide character cut through. */
  gap: number;
}

/** The part of a text from cell `left` on that fits into `columns` cells. */
export function cellSlice(text: string, left: number, columns: number): CellSlice {
  if (ASCII.test(text)) {
    const start = Math.min(left, text.length);
    return { start, end: Math.min(text.length, start + columns), gap: 0 };
  }
  let cells = 0;
  let start: number | undefined;
  let gap = 0;
  for (const { segment, index } of splitGraphemes(text)) {
    const wide = textWidth(segment);
    if (start === undefined && cells >= left && (wide > 0 || cells === 0)) {
      start = index;
      gap = cells - left;
    }
    if (start !== undefined && cells + wide > left + columns) return { start, end: index, gap };
    cells += wide;
  }
  return {
    start: start ?? text.length,
    end: text.length,
    gap: start === undefined ? Math.max(0, cells - left) : gap,
  };
}

/** A text as rows of at most `columns` cells, broken at blanks where it can be; at least one row. */
export function wrapText(text: string, columns: number): string[] {
  const rows: string[] = [];
  // Cleaned first: what does not reach the terminal takes no room on it.
  let rest = cleanLine(text);
  for (;;) {
    const end = rowStarts(rest, columns, 2)[1];
    if (end === undefined) return [...rows, rest];
    const blank = rest.lastIndexOf(' ', end);
    const at = blank > 0 ? blank : end;
    rows.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
}
