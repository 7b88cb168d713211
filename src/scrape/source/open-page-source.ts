import { isBrowserPagination } from '../config/pagination.ts';
import { type BrowserFetcher, createFetcher } from '../http/fetcher.ts';
import { type PageSource, retryWithoutCookies } from '../http/page-source.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { withSignIn } from '../sign-in/sign-in-session.ts';
import { type PagesRequest, toFetcherOptions } from './pages-request.ts';

/**
 * Opens the source of a configuration's pages, by its `backend`. Browser modules are loaded only if needed.
 * @param warn receives the warnings for the run's outcome
 * @param ownFetcher sends the requests; it is closed with the source
 */
export async function openPageSource(
  request: PagesRequest,
  warn: (message: string) => void,
  ownFetcher: BrowserFetcher = createFetcher(toFetcherOptions(request)),
): Promise<PageSource> {
  const { config, log, conceal, backend = config.backend } = request;
  const growing = isBrowserPagination(config.pagination) ? config.pagination.type : undefined;
  if (backend === 'plain' && growing !== undefined) throw browserNeededError(growing);
  if (backend === 'browser' && config.request !== undefined) throw requestNeedsPlainError();
  const sendsOnce = config.request?.repeat === false;
  const retrying = retryWithoutCookies(ownFetcher, log, sendsOnce);
  const fetcher = withSignIn(retrying, config.authentication, log, { conceal, sendsOnce });
  // A browser evaluates selectors on the unconcealed page, including secrets.
  if (conceal !== undefined && (backend === 'browser' || growing !== undefined))
    throw browserForbiddenError();
  if (backend === 'plain' || conceal !== undefined || config.request !== undefined) return fetcher;
  const options = { config, log, warn, onStart: request.onBrowser };
  if (backend === 'browser' || growing !== undefined) {
    if (backend === 'auto') log('info', `fetched with a browser: ${growing} needs one`);
    const { BrowserSource } = await import('../browser/browser-source.ts');
    return new BrowserSource(fetcher, options);
  }
  const { AutoSource } = await import('./auto-source.ts');
  return new AutoSource(fetcher, options);
}

/** The configuration itself is valid, so the conflict is with the command's option. */
function browserNeededError(type: string): ScrapeError {
  return new ScrapeError('config', `${type} needs a browser, but plain fetching was requested`, {
    hint: 'Remove --backend, or use --backend browser.',
  });
}

function requestNeedsPlainError(): ScrapeError {
  return new ScrapeError(
    'config',
    'a browser was requested, and the configuration sends requests of its own',
    {
      hint: 'Remove --backend.',
    },
  );
}

function browserForbiddenError(): ScrapeError {
  return new ScrapeError(
    'config',
    'a configuration that a program saved, with variables, runs without a browser, and this one needs one',
    {
      hint: 'Try it on the page that a run kept (run_id). Once the person has edited the configuration, it runs with a browser.',
    },
  );
}
