import type { Page } from '../lib/page.ts';
import { toPageUrl } from '../lib/page-url.ts';

/** A page of the list that has arrived before its turn. */
export interface PeekedPage {
  page: Page;
  /** With `follow`: the address of each row's detail page; null if it has no link. */
  links?: readonly (string | null)[];
  /** The page after it, if it was read before; null if there is none. */
  next?: string | null;
}

/**
 * The pages of the list that come after the current one, as far as they are known before they are read: those of its
 * start address, which numbers or the pages before them name, and the first pages of the start addresses after it.
 */
export class KnownPages implements Iterable<string> {
  /** The most pages that are fetched yet. */
  left = Number.POSITIVE_INFINITY;
  /** The pages of the current start address. */
  ofStart: () => Iterable<string> = () => [];
  /** The start addresses after it. */
  starts: () => Iterable<string> = () => [];
  /** Returns a page, if it has arrived and its rows will be taken as they are. */
  readonly peek: (url: string) => PeekedPage | undefined;
  readonly #isSeen: (url: string) => boolean;

  /** @param isSeen whether a page was fetched before */
  constructor(
    isSeen: (url: string) => boolean,
    peek: (url: string) => PeekedPage | undefined = () => undefined,
  ) {
    this.#isSeen = isSeen;
    this.peek = peek;
  }

  *[Symbol.iterator](): Generator<string> {
    let { left } = this;
    for (const pages of [this.ofStart, this.starts])
      for (const page of pages()) {
        const url = toPageUrl(page);
        if (left <= 0) return;
        if (this.#isSeen(url)) continue;
        left -= 1;
        yield url;
      }
  }
}
