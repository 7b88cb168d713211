import { cleanLine } from './text/clean.ts';
import { cellsOf, cut, fitTo } from './text/fit.ts';
import { wrapWords } from './text/wrap-words.ts';
import type { LookName } from './theme.ts';

/** A text in one look. */
export interface TextSpan {
  readonly text: string;
  readonly look: LookName;
}

/** A part of a row; a text that is a function changes with the time (epoch ms) and is drawn anew by itself. */
export type Span = TextSpan | { readonly text: (now: number) => string; readonly look: LookName };

/** A row of what stands beside a view or lies over it. */
export interface LookRow {
  readonly spans: readonly Span[];
  /** It is the one that the keys are meant for. */
  readonly selected?: boolean;
}

/** Cells of a label with the gap behind it. */
export const LABEL_CELLS = 10;

export const BLANK: LookRow = { spans: [] };

/** A row of one text, as long as it is. */
export function plain(text: string, look: LookName = 'plain'): LookRow {
  return { spans: [{ text: cleanLine(text), look }] };
}

/** A row of some texts, cut where the columns end. A text that changes with the time stands last in it. */
export function rowOf(columns: number, ...spans: readonly Span[]): LookRow {
  let room = columns;
  return {
    spans: spans.map(({ text, look }) => {
      const left = room;
      if (typeof text === 'function') return { look, text: (now: number) => cut(text(now), left) };
      const shown = cut(cleanLine(text), left);
      room -= cellsOf(shown);
      return { look, text: shown };
    }),
  };
}

/** How many cells a row takes, apart from its texts that change with the time. */
export function cellsOfRow({ spans }: LookRow): number {
  return spans.reduce((cells, { text }) => cells + (typeof text === 'string' ? cellsOf(text) : 0), 0);
}

/** A row that begins with a label, or with as much room where it goes on with what stands above. */
export function labelled(label: string, columns: number, ...spans: readonly Span[]): LookRow {
  return rowOf(columns, { text: fitTo(label, LABEL_CELLS), look: 'faint' }, ...spans);
}

/** A foreign text over as many rows as it takes, at most `most`. */
export function wrapped(text: string, columns: number, look: LookName = 'plain', most = 100): LookRow[] {
  return broken(text, columns, most).map((part) => rowOf(columns, { text: part, look }));
}

/** The same behind a label. */
export function labelledText(
  label: string,
  text: string,
  columns: number,
  { look = 'plain', most = 100 }: { look?: LookName; most?: number } = {},
): LookRow[] {
  return broken(text, columns - LABEL_CELLS, most).map((part, at) =>
    labelled(at === 0 ? label : '', columns, { text: part, look }),
  );
}

function broken(text: string, columns: number, most: number): string[] {
  const rows = wrapWords(cleanLine(text).trim(), Math.max(1, columns));
  if (rows.length <= most) return rows;
  return [...rows.slice(0, most - 1), cut(rows.slice(most - 1).join(' '), Math.max(1, columns))];
}
