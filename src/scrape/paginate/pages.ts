import { isGrowing } from '../config/growing-pagination.ts';
import type { ScrapeConfig } from '../config/schema.ts';
import { pageAddress } from '../fetch/page-address.ts';
import { followNextButton } from './next-button.ts';
import { followNumbers } from './numbered.ts';
import { pageNumberUrls, urlParamUrls } from './page-urls.ts';
import type { Visit, Walk } from './walk.ts';

type Source = Pick<ScrapeConfig, 'urls' | 'pagination' | 'follow'>;

/**
 * Visits the pages of a configuration in order, one at a time: each address of `urls` with its further pages, or
 * what `url_template` yields. Fetches only as the caller takes the next page.
 * @param maxPages limit over all addresses, beside the configuration's own `max_pages` from each
 */
export async function* walkPages(config: Source, maxPages: number, walk: Walk): AsyncGenerator<Visit> {
  let count = 0;
  for (const visits of walksOf(config, walk)) {
    for await (const visit of visits) {
      yield visit;
      count += 1;
      if (count >= maxPages) return walk.debug(`stopped after ${count} pages, as asked`);
    }
  }
}

function* walksOf({ urls, pagination }: Source, walk: Walk): Generator<AsyncGenerator<Visit>> {
  if (pagination.type === 'page_number') {
    yield followNumbers(pageNumberUrls(pagination), pagination.end_page === undefined, walk);
    return;
  }
  for (const url of urls) {
    if (pagination.type === 'next_button') {
      yield followNextButton(
        pageAddress(url),
        pagination.selector,
        pagination.max_pages ?? Number.MAX_SAFE_INTEGER,
        walk,
      );
    } else if (pagination.type === 'url_param') {
      yield followNumbers(urlParamUrls(url, pagination), true, walk);
    } else {
      yield followNumbers([pageAddress(url)], false, walk);
    }
  }
}

/** How many pages a run will fetch, at most; null when nobody can tell. */
export function totalPages({ urls, pagination, follow }: Source, maxPages: number): number | null {
  // How many rows there are, and so detail pages, only the pages tell.
  if (follow !== undefined) return null;
  const known = knownPages(urls.length, pagination);
  return known === undefined ? (Number.isFinite(maxPages) ? maxPages : null) : Math.min(known, maxPages);
}

function knownPages(starts: number, pagination: Source['pagination']): number | undefined {
  if (pagination.type === 'none' || isGrowing(pagination)) return starts;
  const { max_pages } = pagination;
  if (pagination.type !== 'page_number') return max_pages === undefined ? undefined : starts * max_pages;
  if (pagination.end_page === undefined) return max_pages;
  return Math.min(pagination.end_page - pagination.start_page + 1, max_pages ?? Number.POSITIVE_INFINITY);
}
