import { hash } from 'node:crypto';
import type { Extraction } from '../extract/extract-rows.ts';
import type { Item, Page } from '../lib/page.ts';
import { toPageUrl } from '../lib/page-url.ts';

/** The same for the same rows only. */
export function hashRows(rows: readonly Item[]): string {
  return hash('sha256', JSON.stringify(rows), 'base64');
}

/** One page, fetched and read. */
export interface Visit extends Extraction {
  page: Page;
  source: RawPage;
  /** The address of the page after it, as far as the page itself says: null when there is none. */
  next?: string | null;
  /** The page that is visited after it, unless something stops the walk. */
  ahead?: string;
  /** The site leads no further than this page, as far as it can be told before the next one is asked for. */
  end?: WalkEnd;
  /** Where the walk stands after it; none where nobody could go on from there. */
  position?: Position;
}

/** How a site ended the walk from a start address. */
export interface WalkEnd {
  /** Nothing leads on, or what does is switched off, or leads to a page that was there before. */
  by: 'nothing' | 'disabled' | 'back';
  /** What on the page leads to a further page all the same (further-page.ts). */
  further?: string;
  /** The page that was looked at for it, where it is not the one that was handed on last. */
  at?: { url: string; source: RawPage };
}

/** Where a walk stands after a page, so that another one can go on from there. */
export interface Position {
  /** Which of the start addresses the page was reached from, from 0 on. */
  start: number;
  /** Pages from there so far, this one included. */
  pages: number;
  /** The address of the next page, where the page itself says it. */
  next: string | null;
  /** The page's rows (rows-mark.ts). */
  rows: string;
}

/** A page as it was fetched. */
export interface RawPage {
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
  /** Start addresses that were left out so far. */
  skippedStarts: number;
  /** Notes that a start address is left out, and why. */
  skipStart(start: string, problem: string): void;
  /** Told when a walk ends at a page that was not handed on. */
  ended(end: WalkEnd): void;
  /** @param ofPages whether it says only what selectors saw of pages */
  debug(message: string, ofPages?: boolean): void;
  /** @param url the page that the message names: of several alike the outcome tells the first */
  warn(message: string, url?: string): void;
}

/** The pages of one run: none is fetched twice. The part after `#` makes no other page. */
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

  /** @returns false when it was there before */
  add(url: string): boolean {
    const before = this.#seen.size;
    return this.#seen.add(toPageUrl(url)).size > before;
  }
}
