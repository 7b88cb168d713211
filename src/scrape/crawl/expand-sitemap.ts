import type { Fetcher } from '../http/fetcher.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { readSitemapPages } from '../sitemap/sitemap-pages.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/**
 * Returns the configuration with the pages of its sitemap as start addresses; unchanged without a sitemap.
 * @throws ScrapeError `no_items` if there is no page to fetch, unless the configuration allows that; the kinds of
 *   `readSitemapPages`
 */
export async function expandSitemap(
  {
    config,
    signal,
    log,
    conceal,
    redact = (text) => text,
    maxPages = Number.POSITIVE_INFINITY,
  }: PagesRequest,
  stats: ScrapeStats,
  fetcher: Pick<Fetcher, 'get'>,
): Promise<PagesRequest['config']> {
  const { sitemap } = config;
  if (sitemap === undefined) return config;
  const { urls, left, shape } = await readSitemapPages(sitemap, maxPages, {
    fetcher,
    ...(conceal !== undefined && { conceal }),
    signal,
    received(bytes) {
      stats.bytes += bytes;
    },
    info: (message) => log('info', message),
    warn(message) {
      stats.addWarning(redact(message));
      log('warn', message);
    },
  });
  stats.sitemap = shape;
  if (urls.length > 0 || config.expect.allow_empty === true) return { ...config, urls };
  const url = redactUrl(sitemap.url);
  const why = left === '' ? 'it has no entries' : `left out: ${left}`;
  throw new ScrapeError('no_items', `the sitemap ${url} names no page to fetch: ${why}`, {
    url,
    hint: 'Check include, exclude, hosts and max_age_days under sitemap. If no pages are fine, set expect: { allow_empty: true }.',
  });
}
