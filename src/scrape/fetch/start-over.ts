import { ScrapeError } from '../errors.ts';
import type { BrowserFetcher } from './fetcher.ts';
import { withGet } from './with-get.ts';

/** What a site answers to somebody whom it does not want, or whose cookies it cannot make out. */
const REFUSALS: readonly (number | undefined)[] = [400, 401, 403, 431];

/**
 * When the first page is refused to somebody with cookies of an earlier run, or leads in circles, it is asked for once
 * more without them: a session that went bad ends no run.
 */
export function startingOver(
  fetcher: BrowserFetcher,
  log: (level: 'info', message: string) => void,
): BrowserFetcher {
  let mayStartOver = fetcher.cookies.all().length > 0;
  return withGet(fetcher, async (url, options) => {
    try {
      const page = await fetcher.get(url, options);
      mayStartOver = false;
      return page;
    } catch (error) {
      if (!mayStartOver || !isRefusal(error)) throw error;
      mayStartOver = false;
      log('info', `${error.message}: once more, without the cookies of earlier runs`);
      fetcher.cookies.clear();
      return fetcher.get(url, options);
    }
  });
}

function isRefusal(error: unknown): error is ScrapeError {
  if (!(error instanceof ScrapeError)) return false;
  return error.kind === 'redirect' || (error.kind === 'http' && REFUSALS.includes(error.status));
}
