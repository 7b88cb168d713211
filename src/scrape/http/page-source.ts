import type { GrowingPagination } from '../config/pagination.ts';
import type { Page } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { BrowserFetcher, FetchedPage } from './fetcher.ts';

/** A fetcher that gets its pages in another way, and does all else as it did. */
export function wrapFetcher(fetcher: BrowserFetcher, get: BrowserFetcher['get']): BrowserFetcher {
  const { cookies, userAgent, timeoutMs } = fetcher;
  return {
    cookies,
    userAgent,
    timeoutMs,
    get,
    submit: (form, signal) => fetcher.submit(form, signal),
    isOwn: (url) => fetcher.isOwn(url),
    fetchSubresource: (request, signal) => fetcher.fetchSubresource(request, signal),
    throttle: (url, signal) => fetcher.throttle(url, signal),
    close: () => fetcher.close(),
  };
}

/** What a site answers to somebody whom it does not want, or whose cookies it cannot make out. */
const REFUSAL_STATUSES: readonly (number | undefined)[] = [400, 401, 403, 431];

/**
 * When the first page is refused to somebody with cookies of an earlier run, or leads in circles, it is asked for once
 * more without them: a session that went bad ends no run.
 */
export function retryWithoutCookies(
  fetcher: BrowserFetcher,
  log: (level: 'info', message: string) => void,
): BrowserFetcher {
  let mayRetry = fetcher.cookies.all().length > 0;
  return wrapFetcher(fetcher, async (url, options) => {
    try {
      const page = await fetcher.get(url, options);
      mayRetry = false;
      return page;
    } catch (error) {
      if (!mayRetry || !isRefusal(error)) throw error;
      mayRetry = false;
      log('info', `${error.message}: once more, without the cookies of earlier runs`);
      fetcher.cookies.clear();
      return fetcher.get(url, options);
    }
  });
}

function isRefusal(error: unknown): error is ScrapeError {
  if (!(error instanceof ScrapeError)) return false;
  return error.kind === 'redirect' || (error.kind === 'http' && REFUSAL_STATUSES.includes(error.status));
}

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
