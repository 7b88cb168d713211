import { hash } from 'node:crypto';
import type { Extraction } from '../extract/extract-rows.ts';
import type { Item, Page } from '../lib/page.ts';
import { toPageUrl } from '../lib/page-url.ts';

/** Hashes rows. Equal rows give equal hashes. */
export function hashRows(rows: readonly Item[]): string {
  return hash('sha256', JSON.stringify(rows), 'base64');
}

/** One fetched page with its extracted rows. */
export interface Visit extends Extraction {
  page: Page;
  source: RawPage;
  /** The address of the next page, if the page itself names it; null if there is none. */
  next?: string | null;
  /** The page that will be visited next, unless the walk stops. */
  ahead?: string;
  /** Set if the site leads no further than this page, as far as known before the next request. */
  end?: WalkEnd;
  /** The position of the walk after this page; omitted if an attempt cannot continue from here. */
  position?: Position;
}

/** How a site ended the walk from a start address. */
export interface WalkEnd {
  /** `nothing`: there is no next link. `disabled`: it is disabled. `back`: it leads to an earlier page. */
  by: 'nothing' | 'disabled' | 'back';
  /** The address or text of a link that nevertheless seems to lead to a further page (further-page.ts). */
  further?: string;
  /** The page with that link, if it is not the page that was yielded last. */
  at?: { url: string; source: RawPage };
}

/** The position of a walk after a page, from which another walk can continue. */
export interface Position {
  /** Index of the start address, from 0. */
  start: number;
  /** Number of pages from that address, including this one. */
  pages: number;
  /** The address of the next page, if the page itself names it. */
  next: string | null;
  /** Hash of the page's rows ({@link hashRows}). */
  rows: string;
}

/** A page as it was fetched. */
export interface RawPage {
  /** Decompressed, in the page's own character encoding. */
  body: Buffer;
  /** The Content-Type header; empty if there was none. */
  contentType: string;
  /** A 2xx status. */
  status: number;
  /** Epoch milliseconds. */
  fetchedAt: number;
}

/** The context that all pagination types of one run share. */
export interface Walk {
  /**
   * Fetches a page and extracts its rows.
   * @throws ScrapeError
   */
  visit(url: string): Promise<Visit>;
  /**
   * Clicks an element that is not a link. Only present if a browser renders the pages.
   * @returns undefined if there is no such element, or the click changed nothing
   * @throws ScrapeError
   */
  clickNext?(selector: string): Promise<Visit | undefined>;
  seen: SeenPages;
  /** The number of start addresses that have been skipped. */
  skippedStarts: number;
  /** Records that a start address is skipped, and why. */
  skipStart(start: string, problem: string): void;
  /** Called when a walk ends at a page that was not yielded. */
  ended(end: WalkEnd): void;
  /** @param ofPages whether the message contains only what selectors matched on pages */
  debug(message: string, ofPages?: boolean): void;
  /** @param url the page that the message names; of several similar warnings, the outcome shows the first */
  warn(message: string, url?: string): void;
}

/** The pages of one run, so that none is fetched twice. The part after `#` is ignored. */
export class SeenPages {
  readonly #seen: Set<string>;

  constructor(seen: readonly string[] = []) {
    this.#seen = new Set(seen);
  }

  list(): string[] {
    return [...this.#seen];
  }

  has(url: string): boolean {
    return this.#seen.has(toPageUrl(url));
  }

  /** @returns false if the page was already present */
  add(url: string): boolean {
    const before = this.#seen.size;
    return this.#seen.add(toPageUrl(url)).size > before;
  }
}
