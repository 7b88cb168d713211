import { displayWidth, splitGraphemes, truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';

/** Cuts and pads a text to exactly `cells`. */
export function fitTo(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const short = truncateToWidth(text, cells);
  const blank = ' '.repeat(Math.max(0, cells - displayWidth(short)));
  return align === 'right' ? blank + short : short + blank;
}

const ASCII = /^[\x20-\x7e]*$/;

/**
 * Breaks a text into rows of `columns` cells: returns the index of each row's first character; at least one. A
 * character is never split; one that is wider than a row gets its own row.
 *
 * @param maxRows the search stops after this many rows
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
    const wide = displayWidth(segment);
    if (cells + wide > width && cells > 0) {
      starts.push(index);
      if (starts.length >= maxRows) return starts;
      cells = 0;
    }
    cells += wide;
  }
  return starts;
}

/**
 * Like {@link rowStarts}, but a row ends at a blank where it has one, so that only words wider than a row are broken. The
 * blanks at the end of a row may go beyond its cells.
 */
export function wordRowStarts(text: string, columns: number): number[] {
  const width = Math.max(1, columns);
  const starts = [0];
  let cells = 0;
  let word = 0;
  let cellsAtWord = 0;
  const parts = ASCII.test(text)
    ? [...text].map((segment, index) => ({ segment, index }))
    : splitGraphemes(text);
  for (const { segment, index } of parts) {
    const wide = displayWidth(segment);
    if (segment !== ' ') {
      if (cells + wide > width && word > (starts.at(-1) ?? 0)) {
        starts.push(word);
        cells -= cellsAtWord;
      }
      if (cells + wide > width && cells > 0) {
        starts.push(index);
        cells = 0;
      }
    }
    cells += wide;
    if (segment === ' ') {
      word = index + 1;
      cellsAtWord = cells;
    }
  }
  return starts;
}

/** A part of a text, measured in cells. */
interface CellSlice {
  /** The characters that lie completely in it: `[start, end)` of the text. */
  start: number;
  end: number;
  /** Cells at its beginning that belong to a wide character that is cut. */
  gap: number;
}

/** Returns the part of a text from cell `left` on that fits into `columns` cells. */
export function cellSlice(text: string, left: number, columns: number): CellSlice {
  if (ASCII.test(text)) {
    const start = Math.min(left, text.length);
    return { start, end: Math.min(text.length, start + columns), gap: 0 };
  }
  let cells = 0;
  let start: number | undefined;
  let gap = 0;
  for (const { segment, index } of splitGraphemes(text)) {
    const wide = displayWidth(segment);
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

/** Wraps a text into rows of at most `columns` cells, at blanks where possible; at least one row. */
export function wrapText(text: string, columns: number): string[] {
  const rows: string[] = [];
  // The text is sanitized first, because characters that do not reach the terminal need no width.
  let rest = sanitizeText(text);
  for (;;) {
    const end = rowStarts(rest, columns, 2)[1];
    if (end === undefined) return [...rows, rest];
    const blank = rest.lastIndexOf(' ', end);
    const at = blank > 0 ? blank : end;
    rows.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
}

/** Wraps `a · b · c` between its parts where they fit, into rows of at most `columns` cells. */
export function wrapParts(parts: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  for (const part of parts) {
    const longer = rows.length === 0 ? part : `${rows.at(-1)} · ${part}`;
    if (rows.length > 0 && displayWidth(longer) <= columns) rows[rows.length - 1] = longer;
    else rows.push(...wrapText(part, columns));
  }
  return rows;
}

const TAB = 4;

/**
 * Like {@link sanitizeText}, for a text of several lines. Each line is sanitized, and tabs are expanded to the next
 * multiple of four cells.
 */
export function cleanLines(text: string): string[] {
  return text.replaceAll('\r\n', '\n').split('\n').map(expandTabs).map(sanitizeText);
}

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let widened = '';
  for (const part of line.split('\t')) widened += part + ' '.repeat(TAB - (part.length % TAB));
  return widened.trimEnd();
}
