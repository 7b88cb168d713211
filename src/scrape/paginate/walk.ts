import type { Page } from '../extract/page.ts';
import type { Extraction } from '../extract/rows.ts';
import { pageAddress } from '../fetch/page-address.ts';

/** One page, fetched and read. */
export interface Visit extends Extraction {
  page: Page;
  source: PageSource;
}

/** A page as it was fetched. */
export interface PageSource {
  /** Unpacked, in the page's own character set. */
  body: Buffer;
  /** The header's value; empty when there was none. */
  contentType: string;
  /** 2xx. */
  status: number;
  /** Epoch milliseconds. */
  fetchedAt: number;
}

/** What the ways of getting from page to page share during one run. */
export interface Walk {
  /** Fetches and reads a page. @throws ScrapeError */
  visit(url: string): Promise<Visit>;
  /**
   * Where a browser shows the pages: clicks on the element, for what is no link. @throws ScrapeError
   * @returns undefined when there is nothing to click on, or nothing came of it
   */
  clickNext?(selector: string): Promise<Visit | undefined>;
  seen: SeenPages;
  debug(message: string): void;
  /** @param url the page that the message names: of several alike the outcome tells the first */
  warn(message: string, url?: string): void;
}

/** The pages of one run: none is fetched twice. The part after `#` makes no other page. */
export class SeenPages {
  readonly #seen = new Set<string>();

  has(url: string): boolean {
    return this.#seen.has(pageAddress(url));
  }

  /** @returns false when it was there before */
  add(url: string): boolean {
    const before = this.#seen.size;
    return this.#seen.add(pageAddress(url)).size > before;
  }
}
