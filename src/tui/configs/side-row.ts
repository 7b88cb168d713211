import { cleanLine } from '../text/clean.ts';
import { fitTo } from '../text/fit.ts';
import { wrapWords } from '../text/wrap-words.ts';
import type { LookName } from '../theme.ts';
import type { Span } from './yaml-spans.ts';

/** A row beside the text of a configuration. With `since`, the seconds that have passed are shown behind it. */
export interface SideRow {
  readonly spans: readonly Span[];
  readonly since?: number;
}

export function blank(): SideRow {
  return { spans: [] };
}

export function heading(text: string, look: LookName = 'heading'): SideRow {
  return plain(text, look);
}

export function plain(text: string, look: LookName = 'plain'): SideRow {
  return { spans: [{ text: cleanLine(text), look }] };
}

/** Cells of a title. */
const TITLE_CELLS = 10;

/** A title and a text, broken into as many rows as it takes. Without a title the text begins at the left. */
export function titled(title: string, text: string, columns: number, look: LookName = 'plain'): SideRow[] {
  const indent = title === '' ? 0 : TITLE_CELLS;
  return wrapWords(cleanLine(text), columns - indent).map((part, at) => {
    const before = fitTo(at === 0 ? title : '', indent);
    return {
      spans:
        indent === 0
          ? [{ text: part, look }]
          : [
              { text: before, look: 'faint' },
              { text: part, look },
            ],
    };
  });
}
