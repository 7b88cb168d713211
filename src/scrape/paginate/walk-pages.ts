import type { ScrapeConfig } from '../config/config-schema.ts';
import { isGrowing } from '../config/pagination.ts';
import { isUnknownHost } from '../http/network-error.ts';
import { isDisallowed } from '../http/robots.ts';
import { describeUrlProblem, toPageUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { FailureLimit } from './failure-limit.ts';
import { followNextButton } from './next-button.ts';
import { createPageNumberUrls, createUrlParamUrls, followNumberedPages } from './numbered-pages.ts';
import { hashRows, type Position, type Visit, type Walk } from './walk.ts';

/**
 * The pages from one of several start addresses: where the first one is missing, it is left out with a warning.
 * @throws ScrapeError when too many are left out
 */
async function* skipMissing(
  start: string,
  visits: AsyncGenerator<Visit>,
  limit: FailureLimit,
  walk: Walk,
): AsyncGenerator<Visit> {
  let isFirst = true;
  try {
    for await (const visit of visits) {
      if (isFirst) limit.succeeded();
      isFirst = false;
      yield visit;
    }
  } catch (error) {
    if (!isFirst || !isMissing(error, start)) throw error;
    walk.skipStart(start, describeUrlProblem(start, error));
    limit.failed(error);
  }
}

/** There is no such page or host, or robots.txt disallows it. Whatever may pass with time is no page that is missing. */
function isMissing(error: unknown, start: string): error is ScrapeError {
  if (!(error instanceof ScrapeError)) return false;
  if (isUnknownHost(error)) return getHost(error.url) === getHost(start);
  return isDisallowed(error) || (error.kind === 'http' && (error.status === 404 || error.status === 410));
}

/** Another host, such as that of the sign-in, may be one that all addresses need. */
function getHost(url = ''): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}

type Source = Pick<ScrapeConfig, 'urls' | 'sitemap' | 'pagination' | 'follow'> & {
  on_missing?: ScrapeConfig['on_missing'];
};

/**
 * Visits the pages of a configuration in order, one at a time: each address of `urls` with its further pages, or
 * what `url_template` yields. Of several addresses some may be missing (`on_missing`). Fetches only as the caller takes the
 * next page.
 * @param maxPages limit over all addresses, beside the configuration's own `max_pages` from each
 * @param from goes on after that page
 */
export async function* walkPages(
  config: Source,
  maxPages: number,
  walk: Walk,
  from?: Position,
): AsyncGenerator<Visit> {
  let count = 0;
  const limit = createFailureLimit(config, walk, from);
  for (const [start, visits] of createWalks(config, walk, limit, from)) {
    let pages = from?.start === start ? from.pages : 0;
    for await (const visit of visits) {
      pages += 1;
      count += 1;
      const { ahead, ...seen } = visit;
      const position = { start, pages, next: visit.next ?? null, rows: hashRows(visit.rows) };
      yield { ...seen, position, ...(ahead !== undefined && count < maxPages && { ahead }) };
      if (count >= maxPages) return walk.debug(`stopped after ${count} pages, as asked`);
    }
  }
  limit.end();
}

function* createWalks(
  { urls, sitemap, pagination, on_missing }: Source,
  walk: Walk,
  limit: FailureLimit,
  from?: Position,
): Generator<[start: number, AsyncGenerator<Visit>]> {
  if (pagination.type === 'page_number') {
    yield [
      0,
      followNumberedPages(createPageNumberUrls(pagination), pagination.end_page === undefined, walk, from),
    ];
    return;
  }
  for (const [start, url] of urls.entries()) {
    if (start < (from?.start ?? 0)) continue;
    const visits = createWalk(url, pagination, walk, start === from?.start ? from : undefined);
    const isVital = on_missing === 'fail' || (sitemap === undefined && countUrls(urls) === 1);
    yield [start, isVital || start === from?.start ? visits : skipMissing(url, visits, limit, walk)];
  }
}

/** Of what a person wrote down half may be missing; of what a site wrote down nobody waits for so much. */
function createFailureLimit(
  { urls, sitemap }: Source,
  { skippedStarts }: Walk,
  from?: Position,
): FailureLimit {
  const before = { tried: from === undefined ? 0 : from.start + 1, failed: skippedStarts };
  return sitemap === undefined
    ? new FailureLimit('addresses of urls', { ...before, of: countUrls(urls) })
    : new FailureLimit('pages of the sitemap', before);
}

/** An address that is there twice is fetched once. */
function countUrls(urls: Source['urls']): number {
  return new Set(urls.map(toPageUrl)).size;
}

type FromStart = Exclude<Source['pagination'], { type: 'page_number' }>;

function createWalk(
  url: string,
  pagination: FromStart,
  walk: Walk,
  from: Position | undefined,
): AsyncGenerator<Visit> {
  if (pagination.type === 'next_button') {
    const { selector, max_pages = Number.MAX_SAFE_INTEGER } = pagination;
    return followNextButton(toPageUrl(url), selector, max_pages, walk, from);
  }
  return pagination.type === 'url_param'
    ? followNumberedPages(createUrlParamUrls(url, pagination), true, walk, from)
    : followNumberedPages([toPageUrl(url)], false, walk, from);
}

/** How many pages a run will fetch, at most; null when nobody can tell. */
export function countTotalPages({ urls, pagination, follow }: Source, maxPages: number): number | null {
  // How many rows there are, and so detail pages, only the pages tell.
  if (follow !== undefined) return null;
  const known = countKnownPages(urls.length, pagination);
  return known === undefined ? (Number.isFinite(maxPages) ? maxPages : null) : Math.min(known, maxPages);
}

function countKnownPages(starts: number, pagination: Source['pagination']): number | undefined {
  if (pagination.type === 'none' || isGrowing(pagination)) return starts;
  const { max_pages } = pagination;
  if (pagination.type !== 'page_number') return max_pages === undefined ? undefined : starts * max_pages;
  if (pagination.end_page === undefined) return max_pages;
  return Math.min(pagination.end_page - pagination.start_page + 1, max_pages ?? Number.POSITIVE_INFINITY);
}
