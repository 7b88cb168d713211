import { getOriginalUrl } from '../extract/conceal-page.ts';
import { getText } from '../extract/select.ts';
import type { PageRoot } from '../lib/page.ts';
import { type NextLink, readNextLink } from './next-link.ts';
import { findFurtherPage } from './overlooked-link.ts';
import { hashRows, type Position, type Visit, type Walk, type WalkEnd } from './walk.ts';

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
  #mark: string | undefined;
  #text: string | undefined;
  #alike = 0;

  /**
   * @param rows hash of the rows of the page before the first one ({@link hashRows}); its links and text are not known
   */
  constructor(rows?: string) {
    this.#mark = rows;
  }

  /**
   * Adds the next page.
   * @returns whether it repeats the page before
   */
  again({ rows, links = [], page }: Visit): boolean {
    const hash = hashRows([...rows, ...links.map((link) => ({ link }))]);
    const isSame = rows.length > 0 && hash === this.#mark;
    this.#mark = hash;
    this.#alike = isSame ? this.#alike + 1 : 0;
    const isTelling = new Set(rows.map((row) => JSON.stringify(row))).size >= MIN_TELLING_ROWS;
    if (isTelling) return isSame;
    const before = this.#text;
    this.#text = getText(page.$.root()[0] as PageRoot);
    return isSame && (this.#text === before || this.#alike >= MAX_REPEATS);
  }
}

/**
 * Follows the link to the next page. It stops without such a link, at a page that was fetched before, at a page with
 * the same rows, and at the limit. In a browser, an element that is not a link is clicked.
 * @param from continues after that page
 */
export async function* followNextButton(
  start: string,
  selector: string,
  maxPages: number,
  walk: Walk,
  from?: Position,
): AsyncGenerator<Visit> {
  const before = from?.pages ?? 0;
  if (before >= maxPages) return;
  let visit = await visitStart(start, walk, from);
  let pageBefore: string | undefined;
  const same = new RepeatedRows(from?.rows);
  for (let count = before + 1; visit !== undefined; count++) {
    if (same.again(visit)) return refuseSameRows(visit, pageBefore, walk);
    const next = readNextLink(visit.page, selector);
    const url = 'url' in next ? next.url : null;
    const goesOn = url !== null && count < maxPages && !walk.seen.has(url);
    const end = count < maxPages ? getWalkEnd(visit, next, walk, pageBefore) : undefined;
    yield { ...visit, next: url, ...(goesOn && { ahead: url }), ...(end && { end }) };
    pageBefore = getOriginalUrl(visit.page);
    if (count >= maxPages) return walk.debug(`stopped after ${count} pages (max_pages)`);
    visit = await visitFollowing(visit, next, selector, walk);
  }
}

/** Nothing on the page is new, so it is not returned. */
function refuseSameRows({ page }: Visit, before: string | undefined, walk: Walk): void {
  walk.ended({ by: 'back' });
  walk.warn(`stopped at ${page.url}: it has the same rows as ${before ?? 'the page before'}`);
}

function getWalkEnd(
  { page }: Visit,
  next: NextLink,
  walk: Walk,
  before: string | undefined,
): WalkEnd | undefined {
  if ('url' in next) return walk.seen.has(next.url) ? { by: 'back' } : undefined;
  if (next.isDisabled) return { by: 'disabled' };
  const further = findFurtherPage(page, walk.seen, before);
  return { by: 'nothing', ...(further !== undefined && { further }) };
}

async function visitStart(start: string, walk: Walk, from?: Position): Promise<Visit | undefined> {
  if (from !== undefined)
    return from.next === null ? undefined : visitNext(from.next, 'the page before', walk);
  if (!walk.seen.add(start)) return void walk.debug(`${start} was fetched before`);
  const visit = await walk.visit(start);
  const pageUrl = getOriginalUrl(visit.page);
  if (pageUrl !== start) walk.seen.add(pageUrl);
  return visit;
}

async function visitFollowing(
  visit: Visit,
  next: NextLink,
  selector: string,
  walk: Walk,
): Promise<Visit | undefined> {
  const { page } = visit;
  if ('none' in next) {
    const clicked = next.mayClick && (await walk.clickNext?.(selector));
    if (!clicked) return void walk.debug(`last page ${page.url}: ${next.none}`, true);
    if (JSON.stringify(clicked.rows) !== JSON.stringify(visit.rows)) return clicked;
    return void walk.debug(`last page ${page.url}: a click on "${selector}" shows the same rows again`);
  }
  return visitNext(next.url, page.url, walk);
}

async function visitNext(url: string, before: string, walk: Walk): Promise<Visit | undefined> {
  if (!walk.seen.add(url)) {
    return void walk.warn(
      `stopped at ${before}: its next link leads back to ${url}, which was fetched before`,
    );
  }
  const following = await walk.visit(url);
  const pageUrl = getOriginalUrl(following.page);
  if (pageUrl !== url && !walk.seen.add(pageUrl)) {
    walk.ended({ by: 'back' });
    return void walk.warn(`stopped at ${url}: it leads back to ${pageUrl}, which was fetched before`);
  }
  return following;
}
