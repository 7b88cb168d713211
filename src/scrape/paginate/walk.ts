import type { Item } from '../extract/item.ts';
import type { Page } from '../extract/page.ts';

/** One page, fetched and read. */
export interface Visit {
  page: Page;
  rows: Item[];
  /** By field: how many elements its selector matched. */
  matches: Record<string, number>;
  warnings: string[];
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
  seen: SeenPages;
  debug(message: string): void;
  warn(message: string): void;
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

/**
 * The address of a page without its fragment, and without a password: that one goes into a header (fetch), not into
 * logs, progress and rows.
 */
export function pageAddress(url: string): string {
  const address = new URL(url);
  address.hash = '';
  address.username = '';
  address.password = '';
  return address.href;
}
