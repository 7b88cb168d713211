import { getOriginalUrl } from '../extract/conceal-page.ts';
import { Peekable, take } from '../lib/iterables.ts';
import { toPageUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { findFurtherPage } from './overlooked-link.ts';
import {
  type ExtractedPage,
  hashRows,
  type PaginationContext,
  type PaginationEnd,
  type Position,
} from './pagination-context.ts';

/** The configuration sets no end: the rows decide (see {@link followNumberedPages}). */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** The address with its query parameter set to `start`, `start` + `step`, … The rest of the query stays unchanged. */
export function* createUrlParamUrls(
  url: string,
  {
    param_name,
    start_page,
    step,
    max_pages = NO_LIMIT,
  }: {
    param_name: string;
    start_page: number;
    step: number;
    max_pages?: number;
  },
): Generator<string> {
  for (let count = 0; count < max_pages; count++) {
    const address = new URL(url);
    address.searchParams.set(param_name, String(start_page + count * step));
    yield toPageUrl(address.href);
  }
}

/** The template with `{page}` replaced by each number, including the last one. */
export function* createPageNumberUrls({
  url_template,
  start_page,
  end_page = NO_LIMIT,
  max_pages = NO_LIMIT,
}: {
  url_template: string;
  start_page: number;
  end_page?: number;
  max_pages?: number;
}): Generator<string> {
  for (let page = start_page; page <= end_page && page - start_page < max_pages; page++) {
    yield toPageUrl(url_template.replaceAll('{page}', String(page)));
  }
}

/**
 * Fetches addresses that differ by a number. Without a configured end, the sequence ends at a page that is missing
 * (404, 410) or has no rows. It also ends at a page that has the rows of the page before, or that redirects to an earlier
 * page. Such a page is not yielded, unless it is the first.
 * @param isOpenEnded whether the configuration sets no end
 * @param from continues after that page
 */
export async function* followNumberedPages(
  urls: Iterable<string>,
  isOpenEnded: boolean,
  context: PaginationContext,
  from?: Position,
): AsyncGenerator<ExtractedPage> {
  let before = from?.rows;
  let done = from?.pages ?? 0;
  let pageBefore: string | undefined;
  if (isOpenEnded && before === hashRows([])) return;
  const pages = new Peekable(urls);
  const { known, overshoot = 0 } = context;
  if (known) known.ofStart = () => (isOpenEnded ? take(pages.peek(), overshoot) : pages.peek());
  for (const url of pages) {
    if (done-- > 0) continue;
    if (!context.seen.add(url)) return context.debug(`${url} was fetched before`);
    const isFirst = before === undefined;
    const extracted = await fetchUnlessMissing(url, isOpenEnded && !isFirst, context);
    if (extracted === undefined) return context.ended({ by: 'nothing' });
    const pageUrl = getOriginalUrl(extracted.page);
    const leadsBack = pageUrl !== url && !context.seen.add(pageUrl);
    const rows = hashRows(extracted.rows);
    if (isOpenEnded && !isFirst && (extracted.rows.length === 0 || rows === before || leadsBack)) {
      context.ended(getPaginationEnd(extracted, context, pageBefore));
      if (extracted.rows.length === 0)
        return context.debug(`${url} has no rows: the page before was the last`);
      if (rows === before) return context.debug(`${url} has the rows of the page before: that was the last`);
      return context.debug(`${url} leads back to ${pageUrl}: the page before was the last`);
    }
    const isBare = isOpenEnded && extracted.rows.length === 0;
    yield isBare ? { ...extracted, end: getPaginationEnd(extracted, context, undefined) } : extracted;
    if (isBare) return context.debug(`${url} has no rows: no further page is tried`);
    before = rows;
    pageBefore = pageUrl;
  }
}

function getPaginationEnd(
  { page, source }: ExtractedPage,
  context: PaginationContext,
  before: string | undefined,
): PaginationEnd {
  const further = findFurtherPage(page, context.seen, before);
  return { by: 'nothing', ...(further !== undefined && { further }), at: { url: page.url, source } };
}

async function fetchUnlessMissing(
  url: string,
  mayBeMissing: boolean,
  context: PaginationContext,
): Promise<ExtractedPage | undefined> {
  try {
    return await context.fetchPage(url);
  } catch (error) {
    const isMissing = error instanceof ScrapeError && (error.status === 404 || error.status === 410);
    if (!isMissing || !mayBeMissing) throw error;
    context.debug(`${url} is not there (HTTP ${error.status}): the page before was the last`);
    return undefined;
  }
}
