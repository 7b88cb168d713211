import { pluralize } from '../../core/lib/text.ts';
import { getOriginalUrl } from '../extract/conceal-page.ts';
import { getText } from '../extract/select.ts';
import type { Item, Page, PageRoot } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { NextLink } from './next-link.ts';
import { findFurtherPage } from './overlooked-link.ts';
import {
  type ExtractedPage,
  hashRows,
  type PaginationContext,
  type PaginationEnd,
  type Position,
} from './pagination-context.ts';

/** Pages about one item each can have identical rows. This many identical pages in a row count as the same page. */
const MAX_REPEATS = 20;
/** Fewer distinct rows may repeat on the next page by chance: two prices, "in stock" and "sold out". */
const MIN_TELLING_ROWS = 3;

/**
 * Detects a page that repeats the page before: the same rows, with the same links to their detail pages. Pages without
 * rows never count. One or two distinct rows are weak evidence. Then the whole text has to be the same, or many pages
 * in a row must have these rows.
 */
class RepeatedRows {
  #rowsHash: string | undefined;
  #text: string | undefined;
  #repeats = 0;

  /**
   * @param rows hash of the rows of the page before the first one ({@link hashRows}); its links and text are not known
   */
  constructor(rows?: string) {
    this.#rowsHash = rows;
  }

  /**
   * Adds the next page.
   * @returns whether it repeats the page before
   */
  again({ rows, links = [], page }: ExtractedPage): boolean {
    const hash =
      links.length === 0
        ? hashRows(rows)
        : hashRows([{ rows: hashRows(rows) }, ...links.map((link) => ({ link }))]);
    const isSame = rows.length > 0 && hash === this.#rowsHash;
    this.#rowsHash = hash;
    this.#repeats = isSame ? this.#repeats + 1 : 0;
    if (hasDistinctRows(rows, MIN_TELLING_ROWS)) return isSame;
    const before = this.#text;
    this.#text = getText(page.$.root()[0] as PageRoot);
    return isSame && (this.#text === before || this.#repeats >= MAX_REPEATS);
  }
}

/** Whether at least `count` rows differ. */
function hasDistinctRows(rows: readonly Item[], count: number): boolean {
  const distinct = new Set<string>();
  return rows.some((row) => distinct.add(JSON.stringify(row)).size >= count);
}

/** How a page names the next one. */
export interface NextPage {
  read(page: Page): NextLink;
  /** The element to click in a browser, if it is not a link. */
  selector?: string;
  /** Explains why the first page names no next one, if that seems to be a mistake. */
  explain?(page: Page): string | undefined;
  /** What to check if all pages are the same. */
  advice?: string;
}

/**
 * Follows the link to the next page. It stops without such a link, at a page that was fetched before, at a page with
 * the same rows, and at the limit. In a browser, an element that is not a link is clicked.
 * @param from continues after that page
 */
export async function* followNextPages(
  start: string,
  nextPage: NextPage,
  maxPages: number,
  context: PaginationContext,
  from?: Position,
): AsyncGenerator<ExtractedPage> {
  const before = from?.pages ?? 0;
  if (before >= maxPages) return;
  let extracted = await fetchStart(start, context, from);
  let pageBefore: string | undefined;
  const same = new RepeatedRows(from?.rows);
  const { known } = context;
  for (let count = before + 1; extracted !== undefined; count++) {
    if (same.again(extracted)) return refuseSameRows(extracted, pageBefore, nextPage, context);
    const next = nextPage.read(extracted.page);
    const url = 'url' in next ? next.url : null;
    if (count === 1 && url === null && extracted.rows.length > 0) {
      const miss = nextPage.explain?.(extracted.page);
      if (miss !== undefined) context.warn(`pagination: ${miss}`, extracted.page.url);
    }
    const goesOn = url !== null && count < maxPages && !context.seen.has(url);
    if (known) known.ofStart = () => listAhead(goesOn ? url : null, maxPages - count, nextPage, context);
    const end = count < maxPages ? getPaginationEnd(extracted, next, context, pageBefore) : undefined;
    yield { ...extracted, next: url, ...(goesOn && { ahead: url }), ...(end && { end }) };
    pageBefore = getOriginalUrl(extracted.page);
    if (count >= maxPages) {
      const hasMore = url !== null && !context.seen.has(url);
      return hasMore
        ? context.info(`stopped after ${pluralize(count, 'page')}, by max_pages: there is a next page`)
        : context.debug(`stopped after ${pluralize(count, 'page')} (max_pages)`);
    }
    extracted = await fetchFollowing(extracted, next, nextPage.selector, context);
  }
}

/** The pages that come next, as far as those before them have arrived. */
function* listAhead(
  next: string | null,
  most: number,
  nextPage: NextPage,
  { known, seen }: PaginationContext,
): Generator<string> {
  const listed = new Set<string>();
  for (let url = next; url !== null && listed.size < most && !listed.has(url); ) {
    listed.add(url);
    yield url;
    const peeked = known?.peek(url);
    if (peeked === undefined) return;
    if (peeked.next === undefined) peeked.next = readAhead(peeked.page, nextPage);
    url = peeked.next === null || seen.has(peeked.next) ? null : peeked.next;
  }
}

function readAhead(page: Page, { read }: NextPage): string | null {
  try {
    const next = read(page);
    return 'url' in next ? next.url : null;
  } catch (error) {
    // The page's turn throws it.
    if (error instanceof ScrapeError) return null;
    throw error;
  }
}

/** Nothing on the page is new, so it is not returned. */
function refuseSameRows(
  { page }: ExtractedPage,
  before: string | undefined,
  { advice }: NextPage,
  context: PaginationContext,
): void {
  context.ended({ by: 'back' });
  const told = advice === undefined ? '' : `. ${advice}`;
  context.warn(`stopped at ${page.url}: it has the same rows as ${before ?? 'the page before'}${told}`);
}

function getPaginationEnd(
  { page }: ExtractedPage,
  next: NextLink,
  context: PaginationContext,
  before: string | undefined,
): PaginationEnd | undefined {
  if ('url' in next) return context.seen.has(next.url) ? { by: 'back' } : undefined;
  if (next.isDisabled) return { by: 'disabled' };
  const further = findFurtherPage(page, context.seen, before);
  return { by: 'nothing', ...(further !== undefined && { further }) };
}

async function fetchStart(
  start: string,
  context: PaginationContext,
  from?: Position,
): Promise<ExtractedPage | undefined> {
  if (from !== undefined)
    return from.next === null ? undefined : fetchNext(from.next, 'the page before', context);
  if (!context.seen.add(start)) return void context.debug(`${start} was fetched before`);
  const extracted = await context.fetchPage(start);
  const pageUrl = getOriginalUrl(extracted.page);
  if (pageUrl !== start) context.seen.add(pageUrl);
  return extracted;
}

async function fetchFollowing(
  extracted: ExtractedPage,
  next: NextLink,
  selector: string | undefined,
  context: PaginationContext,
): Promise<ExtractedPage | undefined> {
  const { page } = extracted;
  if ('none' in next) {
    const clicked = next.mayClick && selector !== undefined && (await context.clickNext?.(selector));
    if (!clicked) return void context.debug(`last page ${page.url}: ${next.none}`, true);
    if (JSON.stringify(clicked.rows) !== JSON.stringify(extracted.rows)) return clicked;
    return void context.debug(`last page ${page.url}: a click on "${selector}" shows the same rows again`);
  }
  return fetchNext(next.url, page.url, context);
}

async function fetchNext(
  url: string,
  before: string,
  context: PaginationContext,
): Promise<ExtractedPage | undefined> {
  if (!context.seen.add(url)) {
    return void context.warn(
      `stopped at ${before}: its next link leads back to ${url}, which was fetched before`,
    );
  }
  const following = await context.fetchPage(url);
  const pageUrl = getOriginalUrl(following.page);
  if (pageUrl !== url && !context.seen.add(pageUrl)) {
    context.ended({ by: 'back' });
    return void context.warn(`stopped at ${url}: it leads back to ${pageUrl}, which was fetched before`);
  }
  return following;
}
