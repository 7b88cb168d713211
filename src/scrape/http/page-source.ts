import type { GrowingPagination } from '../config/growing-pagination.ts';
import type { Page } from '../lib/page.ts';

import type { FetchedPage } from './fetcher.ts';

/** How a page is wanted. */
export interface PageOptions {
  signal: AbortSignal;
  /** A page of a list, which may have to grow before its rows are taken; any other page stays as it is. */
  list?: { grow?: GrowingPagination; maxSteps: number };
}

/** Where a run's pages come from: as the server sends them, or as a browser's scripts make them. */
export interface PageSource {
  /** Where a browser may be: whether pages come as the server sends them all the same. */
  readonly isPlain?: boolean;
  /** @throws ScrapeError of any kind but `no_items` and `output` */
  get(url: string, wanted: PageOptions): Promise<FetchedPage>;
  /**
   * Clicks on what leads to the next page, on the page of a list that was got last.
   * @returns the page after it; undefined when there is nothing to click on, or a click changes nothing
   */
  clickNext?(selector: string, signal: AbortSignal): Promise<FetchedPage | undefined>;
  /**
   * A page of a list without rows, or a row's page without a field, may have them once its scripts have run.
   * @returns the page as a browser shows it; undefined when there is no reason to think so
   */
  retryInBrowser?(fetched: FetchedPage, page: Page, wanted: PageOptions): Promise<FetchedPage | undefined>;
  /** Closes every connection, and the browser. */
  close(): Promise<void>;
}

/** Whether pages come as the server sends them: then it makes no difference whether one is of a list. */
export function isPlain(source: PageSource): boolean {
  return source.clickNext === undefined || source.isPlain === true;
}
