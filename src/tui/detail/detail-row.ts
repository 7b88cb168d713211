import { cleanLine } from '../text/clean.ts';
import { cellsOf, cut, fitTo } from '../text/fit.ts';
import { wrapWords } from '../text/wrap-words.ts';
import type { LookName } from '../theme.ts';

/** A row of the detail of a job. It fits into the columns that it was made for. */
export interface DetailRow {
  readonly spans: readonly DetailSpan[];
}

/** A part of a row; a text that is a function changes with the time (epoch ms), and stands last in its row. */
export interface DetailSpan {
  readonly text: string | ((now: number) => string);
  readonly look: LookName;
}

/** Cells of a label with the gap behind it. */
export const LABEL_CELLS = 10;

export const BLANK: DetailRow = { spans: [] };

/** A row of some texts, cut where the columns end. */
export function rowOf(columns: number, ...spans: readonly DetailSpan[]): DetailRow {
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

/** A row that begins with a label, or with as much room where it goes on with what stands above. */
export function labelled(label: string, columns: number, ...spans: readonly DetailSpan[]): DetailRow {
  return rowOf(columns, { text: fitTo(label, LABEL_CELLS), look: 'faint' }, ...spans);
}

/** A foreign text over as many rows as it takes, at most `most`. */
export function wrapped(text: string, columns: number, look: LookName = 'plain', most = 100): DetailRow[] {
  return rowsOf(text, columns, most).map((part) => rowOf(columns, { text: part, look }));
}

/** The same behind a label. */
export function labelledText(
  label: string,
  text: string,
  columns: number,
  { look = 'plain', most = 100 }: { look?: LookName; most?: number } = {},
): DetailRow[] {
  return rowsOf(text, columns - LABEL_CELLS, most).map((part, at) =>
    labelled(at === 0 ? label : '', columns, { text: part, look }),
  );
}

function rowsOf(text: string, columns: number, most: number): string[] {
  const rows = wrapWords(cleanLine(text).trim(), Math.max(1, columns));
  if (rows.length <= most) return rows;
  return [...rows.slice(0, most - 1), cut(rows.slice(most - 1).join(' '), Math.max(1, columns))];
}
