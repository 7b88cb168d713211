import { getText } from '../extract/get-text.ts';
import type { PageRoot } from '../lib/page.ts';

import { hashRows } from './hash-rows.ts';
import type { Visit } from './walk.ts';

/** Pages about one thing each may well be alike in what is taken from them; so many in a row are one page. */
const MAX_REPEATS = 20;
/** Fewer different rows than that may well come again on the next page: two prices, "in stock" and "sold out". */
const MIN_TELLING_ROWS = 3;

/**
 * Tells whether a page of a walk shows what the page before showed: the same rows, with the same links to their own pages.
 * Pages without rows never do. Where a page has one or two different rows, that alone says little: then its whole text has to
 * be the same, or many pages in a row have to have those rows.
 */
export class RepeatedRows {
  #mark: string | undefined;
  #text: string | undefined;
  #alike = 0;

  /** @param rows those of the page before the first one (rows-mark.ts); their links and text are not known */
  constructor(rows?: string) {
    this.#mark = rows;
  }

  /** Takes the next page. @returns whether it is the one before once more */
  again({ rows, links = [], page }: Visit): boolean {
    const hash = hashRows([...rows, ...links.map((link) => ({ link }))]);
    const isSame = rows.length > 0 && hash === this.#mark;
    this.#mark = hash;
    this.#alike = isSame ? this.#alike + 1 : 0;
    const isTelling = new Set(rows.map((row) => JSON.stringify(row))).size >= MIN_TELLING_ROWS;
    if (isTelling) return isSame;
    const before = this.#text;
    this.#text = getText(page.$.root()[0] as PageRoot);
    return isSame && (this.#text === before || this.#alike >= MAX_REPEATS);
  }
}
