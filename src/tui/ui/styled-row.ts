import { displayWidth, truncateToWidth } from '../../core/lib/display-width.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { fitTo, wrapText } from './text/fit.ts';
import type { StyleName } from './theme.ts';

/** A text in one style. */
export interface TextSpan {
  readonly text: string;
  readonly style: StyleName;
}

/** A part of a row. A text that is a function depends on the time (epoch ms), and only that text is redrawn. */
export type StyledSpan = TextSpan | { readonly text: (now: number) => string; readonly style: StyleName };

/** A row of a side pane or an overlay. */
export interface StyledRow {
  readonly spans: readonly StyledSpan[];
  /** Whether the row is the selected one. */
  readonly selected?: boolean;
  /** Whether the row is the head of those below, without which it says nothing. */
  readonly isHead?: boolean;
  /** Whether the row has the titles of a table, which have a background of their own. */
  readonly isTitles?: boolean;
  /** Whether the row goes on with the text of the row above. */
  readonly isRest?: true;
}

/** The width of a label in cells, including the gap behind it. */
export const ROW_LABEL_CELLS = 10;

export const BLANK: StyledRow = { spans: [] };

/** A row with one text, not cut. */
export function plainRow(text: string, style: StyleName = 'plain'): StyledRow {
  return { spans: [{ text: sanitizeText(text), style }] };
}

/** The names of a table's columns, not cut. */
export function tableHead(text: string): StyledRow {
  return { ...plainRow(text, 'faint'), isHead: true };
}

/** The rows of a window of `height` from `top` on; it does not end with a head or a title whose rows are below it. */
export function rowsInWindow(rows: readonly StyledRow[], top: number, height: number): readonly StyledRow[] {
  let end = Math.min(rows.length, top + Math.max(0, height));
  if (end === rows.length) return rows.slice(top);
  while (end > top + 1 && isHeading(rows[end - 1])) end -= 1;
  return rows.slice(top, end);
}

function isHeading({ spans, isHead = false }: StyledRow = BLANK): boolean {
  return isHead || spans.every(({ style }) => style === 'heading');
}

/** A row with several texts, cut at `columns`. A text that changes with the time must be the last. */
export function styledRow(columns: number, ...spans: readonly StyledSpan[]): StyledRow {
  let room = columns;
  return {
    spans: spans.map(({ text, style }) => {
      const left = room;
      if (typeof text === 'function')
        return { style, text: (now: number) => truncateToWidth(text(now), left) };
      const shown = truncateToWidth(sanitizeText(text), left);
      room -= displayWidth(shown);
      return { style, text: shown };
    }),
  };
}

/** Returns a text that may depend on the time, at an instant (epoch ms). */
export function textAt(text: StyledSpan['text'], now: number): string {
  return typeof text === 'string' ? text : text(now);
}

/** Returns the width of a row in cells, without its texts that change with the time. */
export function rowCells({ spans }: StyledRow): number {
  return spans.reduce((cells, { text }) => cells + (typeof text === 'string' ? displayWidth(text) : 0), 0);
}

/** A row with a label; without one, it is indented by the same width, to continue the row above. */
export function labeledRow(label: string, columns: number, ...spans: readonly StyledSpan[]): StyledRow {
  return styledRow(columns, { text: fitTo(label, ROW_LABEL_CELLS), style: 'faint' }, ...spans);
}

/** Wraps an external text into as many rows as it needs, at most `max`. */
export function wrappedRows(
  text: string,
  columns: number,
  style: StyleName = 'plain',
  max = 100,
): StyledRow[] {
  return broken(text, columns, max).map((part, at) => ({
    ...styledRow(columns, { text: part, style }),
    ...(at > 0 && { isRest: true }),
  }));
}

/** The same after a label. */
export function labeledText(
  label: string,
  text: string,
  columns: number,
  { style = 'plain', max = 100 }: { style?: StyleName; max?: number } = {},
): StyledRow[] {
  return broken(text, columns - ROW_LABEL_CELLS, max).map((part, at) => ({
    ...labeledRow(at === 0 ? label : '', columns, { text: part, style }),
    ...(at > 0 && { isRest: true }),
  }));
}

function broken(text: string, columns: number, max: number): string[] {
  const rows = wrapText(sanitizeText(text).trim(), Math.max(1, columns));
  if (rows.length <= max) return rows;
  return [...rows.slice(0, max - 1), truncateToWidth(rows.slice(max - 1).join(' '), Math.max(1, columns))];
}
