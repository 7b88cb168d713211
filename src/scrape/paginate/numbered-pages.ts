import { getOriginalUrl } from '../extract/conceal-page.ts';
import { toPageUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { findFurtherPage } from './overlooked-link.ts';
import { hashRows, type Position, type Visit, type Walk, type WalkEnd } from './walk.ts';

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
 * Fetches addresses that differ by a number. Without a configured end, the walk ends at a page that is missing (404,
 * 410) or has no rows. It also ends at a page that has the rows of the page before, or that redirects to an earlier
 * page. Such a page is not yielded, unless it is the first.
 * @param isOpenEnded whether the configuration sets no end
 * @param from continues after that page
 */
export async function* followNumberedPages(
  urls: Iterable<string>,
  isOpenEnded: boolean,
  walk: Walk,
  from?: Position,
): AsyncGenerator<Visit> {
  let before = from?.rows;
  let done = from?.pages ?? 0;
  let pageBefore: string | undefined;
  if (isOpenEnded && before === hashRows([])) return;
  for (const url of urls) {
    if (done-- > 0) continue;
    if (!walk.seen.add(url)) return walk.debug(`${url} was fetched before`);
    const isFirst = before === undefined;
    const visit = await visitUnlessMissing(url, isOpenEnded && !isFirst, walk);
    if (visit === undefined) return walk.ended({ by: 'nothing' });
    const pageUrl = getOriginalUrl(visit.page);
    const leadsBack = pageUrl !== url && !walk.seen.add(pageUrl);
    const rows = hashRows(visit.rows);
    if (isOpenEnded && !isFirst && (visit.rows.length === 0 || rows === before || leadsBack)) {
      walk.ended(getWalkEnd(visit, walk, pageBefore));
      if (visit.rows.length === 0) return walk.debug(`${url} has no rows: the page before was the last`);
      if (rows === before) return walk.debug(`${url} has the rows of the page before: that was the last`);
      return walk.debug(`${url} leads back to ${pageUrl}: the page before was the last`);
    }
    const isBare = isOpenEnded && visit.rows.length === 0;
    yield isBare ? { ...visit, end: getWalkEnd(visit, walk, undefined) } : visit;
    if (isBare) return walk.debug(`${url} has no rows: no further page is tried`);
    before = rows;
    pageBefore = pageUrl;
  }
}

function getWalkEnd({ page, source }: Visit, walk: Walk, before: string | undefined): WalkEnd {
  const further = findFurtherPage(page, walk.seen, before);
  return { by: 'nothing', ...(further !== undefined && { further }), at: { url: page.url, source } };
}

async function visitUnlessMissing(
  url: string,
  mayBeMissing: boolean,
  walk: Walk,
): Promise<Visit | undefined> {
  try {
    return await walk.visit(url);
  } catch (error) {
    const isMissing = error instanceof ScrapeError && (error.status === 404 || error.status === 410);
    if (!isMissing || !mayBeMissing) throw error;
    walk.debug(`${url} is not there (HTTP ${error.status}): the page before was the last`);
    return undefined;
  }
}
