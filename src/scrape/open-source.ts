import { isGrowing } from './config/growing-pagination.ts';
import { ScrapeError } from './errors.ts';
import { makeFetcher } from './fetch/fetcher.ts';
import { startingOver } from './fetch/start-over.ts';
import type { PageSource } from './page-source.ts';
import { fetcherOptions, type PagesRequest } from './request.ts';
import { signedIn } from './sign-in/session.ts';

/**
 * Where the pages of a configuration come from, by its `backend`. What browsers need is loaded only where one is wanted.
 * @param warn for whoever reads the outcome
 */
export async function openSource(
  request: PagesRequest,
  warn: (message: string) => void,
): Promise<PageSource> {
  const { config, log, backend = config.backend } = request;
  const growing = isGrowing(config.pagination) ? config.pagination.type : undefined;
  if (backend === 'plain' && growing !== undefined) throw needsBrowser(growing);
  const polite = startingOver(makeFetcher(fetcherOptions(request)), log);
  const fetcher = signedIn(polite, config.authentication, log);
  if (backend === 'plain') return fetcher;
  const options = { config, log, warn };
  if (backend === 'browser' || growing !== undefined) {
    if (backend === 'auto') log('info', `fetched with a browser: ${growing} needs one`);
    const { BrowserSource } = await import('./browser/browser-source.ts');
    return new BrowserSource(fetcher, options);
  }
  const { AutoSource } = await import('./browser/auto-source.ts');
  return new AutoSource(fetcher, options);
}

/** The configuration alone was found right before: the command says otherwise. */
function needsBrowser(type: string): ScrapeError {
  return new ScrapeError('config', `${type} needs a browser, and plain fetching is asked for`, {
    hint: 'Leave --backend away, or use --backend browser.',
  });
}
