import { ScrapeError } from '../lib/scrape-error.ts';
import type { BrowserFetcher } from './fetcher.ts';
import { wrapFetcher } from './wrap-fetcher.ts';

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
