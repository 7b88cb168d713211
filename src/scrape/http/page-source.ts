import type { BrowserPagination } from '../config/pagination.ts';
import type { Page } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { BodyStream } from './content-coding.ts';
import type { BrowserFetcher, FetchedPage } from './fetcher.ts';

/** Returns a fetcher with another `get`. Everything else is delegated to `fetcher`. */
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

/** Statuses with which sites refuse a client, or cookies that they cannot parse. */
const REFUSAL_STATUSES: readonly (number | undefined)[] = [400, 401, 403, 431];

/**
 * Retries the first page once without cookies, if the site refuses it or redirects in circles while the run has cookies
 * of an earlier run. A broken session then does not end the run.
 * @param sendsOnce pages of the list are requested once only
 */
export function retryWithoutCookies(
  fetcher: BrowserFetcher,
  log: (level: 'info', message: string) => void,
  sendsOnce = false,
): BrowserFetcher {
  let mayRetry = fetcher.cookies.all().length > 0;
  return wrapFetcher(fetcher, async (url, options) => {
    try {
      const page = await fetcher.get(url, options);
      mayRetry = false;
      return page;
    } catch (error) {
      if (!mayRetry || !isRefusal(error) || (sendsOnce && options.list !== undefined)) throw error;
      mayRetry = false;
      log('info', `${error.message}: trying again, without the cookies of earlier runs`);
      fetcher.cookies.clear();
      return fetcher.get(url, options);
    }
  });
}

function isRefusal(error: unknown): error is ScrapeError {
  if (!(error instanceof ScrapeError)) return false;
  return error.kind === 'redirect' || (error.kind === 'http' && REFUSAL_STATUSES.includes(error.status));
}

/** Options of a page request. */
export interface PageOptions {
  signal: AbortSignal;
  /** Set for a list page, which may have to load more before its rows are extracted. Other pages stay unchanged. */
  list?: { grow?: BrowserPagination; maxSteps: number };
  /** Take a picture of the page, if a browser shows it. */
  picture?: boolean;
  /** For content larger than a page, if no browser shows it; the body of the returned page is then empty. */
  stream?: BodyStream;
}

/** The source of a run's pages: raw HTTP responses, or pages rendered in a browser. */
export interface PageSource {
  /** For a source that may use a browser: whether it still returns pages as the server sends them. */
  readonly isPlain?: boolean;
  /** @throws ScrapeError of any kind but `no_items` and `output` */
  get(url: string, wanted: PageOptions): Promise<FetchedPage>;
  /**
   * Clicks the element that leads to the next page, on the list page fetched last.
   * @returns the next page; undefined if there is no such element, or a click changes nothing
   */
  clickNext?(selector: string, signal: AbortSignal): Promise<FetchedPage | undefined>;
  /**
   * Fetches a page again in a browser: a list page without rows, or a detail page without a field, may need its
   * scripts.
   * @returns the rendered page; undefined if nothing suggests that a browser helps
   */
  retryInBrowser?(fetched: FetchedPage, page: Page, wanted: PageOptions): Promise<FetchedPage | undefined>;
  /** Closes every connection, and the browser. */
  close(): Promise<void>;
}

/** Whether pages come as the server sends them. Whether a page is of a list then makes no difference. */
export function isPlain(source: PageSource): boolean {
  return source.clickNext === undefined || source.isPlain === true;
}
