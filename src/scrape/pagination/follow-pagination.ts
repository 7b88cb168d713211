import { pluralize } from '../../core/lib/text.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { isBrowserPagination } from '../config/pagination.ts';
import { hasPlaceholder } from '../config/request.ts';
import { describeMissingNext } from '../extract/data-miss.ts';
import type { Page } from '../lib/page.ts';
import { describeUrlProblem, toPageUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { FailureLimit } from './failure-limit.ts';
import { isMissing } from './is-missing.ts';
import { readCursor, readLinkHeader, readNextLink } from './next-link.ts';
import { followNextPages, type NextPage } from './next-pages.ts';
import { createPageNumberUrls, createUrlParamUrls, followNumberedPages } from './numbered-pages.ts';
import { PageFailures } from './page-failures.ts';
import { type ExtractedPage, hashRows, type PaginationContext, type Position } from './pagination-context.ts';

/** What becomes of one of several start addresses that fails. */
interface LeaveOut {
  /** Whether one that is missing may be left out. */
  missing: boolean;
  /** Whether one that fails in another way may be. */
  failing: boolean;
  /** Whether one that leads into a private network counts as missing: pages named it, and not a person. */
  blocked: boolean;
}

/**
 * Yields the pages from one of several start addresses. If one of them fails, it and those after it are left out with a
 * warning.
 * @param done how many of its pages an earlier attempt has fetched
 * @throws ScrapeError if too many start addresses are left out
 */
async function* skipFailing(
  start: string,
  pages: AsyncGenerator<ExtractedPage>,
  done: number,
  { may, limit, failures }: { may: LeaveOut; limit: FailureLimit; failures: PageFailures },
  context: PaginationContext,
): AsyncGenerator<ExtractedPage> {
  const runs = context.getFailedRuns?.(start);
  let count = done;
  try {
    for await (const extracted of pages) {
      count += 1;
      failures.succeeded();
      yield extracted;
    }
    if (done === 0) limit.succeeded();
  } catch (error) {
    if (!(error instanceof ScrapeError)) throw error;
    const isBlocked = may.blocked && error.kind === 'blocked_address';
    const isAbsent: boolean = isBlocked || isMissing(error, start);
    if (isAbsent ? !may.missing : !may.failing) throw error;
    const refusal = isAbsent ? undefined : failures.judge(error, start, runs !== undefined);
    if (refusal !== undefined) throw refusal;
    const problem = describeUrlProblem(start, error);
    context.skipStart(start, count === 0 ? problem : `from page ${count + 1} on: ${problem}`, !isAbsent);
    if (runs === undefined) limit.failed(error, isAbsent);
    else limit.failedAgain(error, runs);
  }
}

type Source = Pick<ScrapeConfig, 'urls' | 'sitemap' | 'urls_from' | 'pagination' | 'follow' | 'request'> & {
  on_missing?: ScrapeConfig['on_missing'];
  on_error?: ScrapeConfig['on_error'];
};

/**
 * Fetches the pages of a configuration in order, one at a time: each address of `urls` with its further pages, or the
 * pages of `url_template`. Some of several addresses may be missing (`on_missing`) or fail (`on_error`). A page is fetched
 * only when the caller requests it.
 * @param maxPages limit over all addresses, in addition to the configuration's `max_pages` for each
 * @param from continues after that page
 */
export async function* followPagination(
  config: Source,
  maxPages: number,
  context: PaginationContext,
  from?: Position,
): AsyncGenerator<ExtractedPage> {
  let count = 0;
  const { known } = context;
  const allow = (pages: number) => {
    if (known) known.left = pages;
  };
  const limit = createFailureLimit(config, context, from);
  for (const [start, extractedPages] of followFromStarts(config, context, limit, from)) {
    let pages = from?.start === start ? from.pages : 0;
    if (known) {
      known.ofStart = () => [];
      known.starts = () => listStartsAfter(config, start);
    }
    // The page that is fetched now counts, too.
    allow(maxPages - count - 1);
    for await (const extracted of extractedPages) {
      pages += 1;
      count += 1;
      allow(maxPages - count);
      const { ahead, ...seen } = extracted;
      const position = { start, pages, next: extracted.next ?? null, rows: hashRows(extracted.rows) };
      yield { ...seen, position, ...(ahead !== undefined && count < maxPages && { ahead }) };
      if (count >= maxPages) return context.debug(`stopped after ${pluralize(count, 'page')}, as asked`);
      allow(maxPages - count - 1);
    }
  }
  limit.end();
}

function* listStartsAfter({ urls, pagination }: Source, start: number): Generator<string> {
  if (pagination.type === 'page_number') return;
  for (let index = start + 1; index < urls.length; index++) yield urls[index] ?? '';
}

function* followFromStarts(
  { urls, sitemap, urls_from, pagination, on_missing, on_error, request }: Source,
  context: PaginationContext,
  limit: FailureLimit,
  from?: Position,
): Generator<[start: number, AsyncGenerator<ExtractedPage>]> {
  if (pagination.type === 'page_number') {
    yield [
      0,
      followNumberedPages(createPageNumberUrls(pagination), pagination.end_page === undefined, context, from),
    ];
    return;
  }
  const isListed = sitemap === undefined && urls_from === undefined;
  const isOnly = isListed && countUrls(urls) === 1;
  const may: LeaveOut = {
    missing: on_missing !== 'fail',
    failing: on_error !== 'fail',
    blocked: urls_from?.type === 'job',
  };
  const failures = new PageFailures();
  for (const [start, url] of urls.entries()) {
    if (start < (from?.start ?? 0)) continue;
    const rules = { pagination, ...(request !== undefined && { request }) };
    const before = start === from?.start ? from : undefined;
    const pages = followFromStart(url, rules, context, before);
    yield [
      start,
      isOnly ? pages : skipFailing(url, pages, before?.pages ?? 0, { may, limit, failures }, context),
    ];
  }
}

/**
 * Half of the addresses that a person lists may be missing. For a site's sitemap the limit does not wait for half of
 * all pages.
 */
function createFailureLimit(
  { urls, sitemap, urls_from }: Source,
  { skippedStarts, skippedAgain = 0 }: PaginationContext,
  from?: Position,
): FailureLimit {
  const before = { tried: from === undefined ? 0 : from.start + 1 - skippedAgain, failed: skippedStarts };
  // Pages that a site has removed since are usual there, and all of a few new ones may be such.
  if (urls_from?.type === 'job')
    return new FailureLimit('addresses of urls_from', {
      ...before,
      mayAllBeMissing: urls_from.only !== undefined,
    });
  // These are different from each other.
  if (urls_from !== undefined)
    return new FailureLimit('addresses of urls_from', { ...before, of: urls.length });
  return sitemap === undefined
    ? new FailureLimit('addresses of urls', { ...before, of: countUrls(urls) })
    : new FailureLimit('pages of the sitemap', before);
}

/** Duplicate addresses are fetched once. */
function countUrls(urls: Source['urls']): number {
  return new Set(urls.map(toPageUrl)).size;
}

interface FromStart extends Pick<Source, 'request'> {
  pagination: Exclude<Source['pagination'], { type: 'page_number' }>;
}

function followFromStart(
  url: string,
  rules: FromStart,
  context: PaginationContext,
  from: Position | undefined,
): AsyncGenerator<ExtractedPage> {
  const { pagination } = rules;
  const next = getNextPage(url, rules);
  if (next !== undefined) return followNextPages(toPageUrl(url), next, next.max_pages, context, from);
  return pagination.type === 'url_param'
    ? followNumberedPages(createUrlParamUrls(url, pagination), true, context, from)
    : followNumberedPages([toPageUrl(url)], false, context, from);
}

/** How the pages of a kind of pagination name the next one; undefined if they do not. */
function getNextPage(
  start: string,
  { pagination, request }: FromStart,
): (NextPage & { max_pages: number }) | undefined {
  const { max_pages = Number.MAX_SAFE_INTEGER } = pagination as { max_pages?: number };
  switch (pagination.type) {
    case 'next_button': {
      const { selector } = pagination;
      const explain = (page: Page) => describeMissingNext(page, selector);
      return { selector, read: (page) => readNextLink(page, selector), explain, max_pages };
    }
    case 'cursor': {
      const { selector, param_name: name } = pagination;
      const isSent = request !== undefined && hasPlaceholder(request, name);
      const advice = isSent
        ? `The site may not read {${name}} where request sends it.`
        : `The site may not know the parameter ${name} (pagination.param_name).`;
      const explain = (page: Page) => describeMissingNext(page, selector);
      return { read: (page) => readCursor(page, start, pagination), explain, advice, max_pages };
    }
    case 'link_header':
      return { read: readLinkHeader, max_pages };
    default:
      return undefined;
  }
}

/**
 * The number of pages that a run will fetch; null if it is not known. A limit (`max_pages`) is no number of pages: a site
 * may end long before.
 * @param skipped start addresses that have been left out
 */
export function countTotalPages(config: Source, maxPages: number, skipped = 0): number | null {
  // The number of rows, and so of detail pages, is not known before the run.
  const known = config.follow === undefined ? countKnownPages(config) : undefined;
  if (known !== undefined) return Math.min(known - skipped, maxPages);
  return maxPages === 1 && config.follow === undefined ? 1 : null;
}

function countKnownPages({ urls, sitemap, urls_from, pagination }: Source): number | undefined {
  // Those of a sitemap or a file are different from each other, and may be very many.
  const countStarts = () =>
    sitemap === undefined && urls_from === undefined ? countUrls(urls) : urls.length;
  if (pagination.type === 'none' || isBrowserPagination(pagination)) return countStarts();
  const { max_pages } = pagination;
  if (pagination.type !== 'page_number') return max_pages === 1 ? countStarts() : undefined;
  if (pagination.end_page === undefined) return max_pages === 1 ? 1 : undefined;
  return Math.min(pagination.end_page - pagination.start_page + 1, max_pages ?? Number.POSITIVE_INFINITY);
}
