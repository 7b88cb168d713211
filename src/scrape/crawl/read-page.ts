import { formatBytes } from '../../core/lib/format-bytes.ts';
import { pluralize } from '../../core/lib/text.ts';
import { extractRows } from '../extract/extract-rows.ts';
import { readGraphqlErrors } from '../extract/graphql-errors.ts';
import { loadPage } from '../extract/load-page.ts';
import type { Extraction } from '../extract/make-rows.ts';
import { select } from '../extract/select.ts';
import { describeVirtualList } from '../extract/virtual-list.ts';
import { getHeader } from '../http/exchange.ts';
import type { FetchedPage } from '../http/fetcher.ts';
import type { Page } from '../lib/page.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError, withNote } from '../lib/scrape-error.ts';
import type { PeekedPage } from '../pagination/known-pages.ts';
import type { ExtractedPage } from '../pagination/pagination-context.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import type { Crawl } from './crawl.ts';
import { createWarn } from './create-warn.ts';
import type { FetchedPart } from './large-list.ts';
import type { ParsedPage } from './row-collector.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/** A page, or a part of one. */
type SentPage = FetchedPage & Partial<Pick<FetchedPart, 'excerpt' | 'isBeginning'>> & Pick<Page, 'earlier'>;

/** A page of the list that was read before its turn. */
interface Peek extends PeekedPage {
  extraction: Extraction;
}

/** Undefined for a page that cannot be read: its turn throws the error. */
const peeks = new WeakMap<FetchedPage, Peek | undefined>();

/** Reads a page of the list before its turn, for {@link extractPage}. Nothing is counted or logged. */
export function peekPage(request: PagesRequest, fetched: FetchedPage): PeekedPage | undefined {
  if (!peeks.has(fetched)) peeks.set(fetched, readPeek(request, fetched));
  return peeks.get(fetched);
}

function readPeek(request: PagesRequest, fetched: FetchedPage): Peek | undefined {
  try {
    const page = parsePage(request, fetched);
    const extraction = extractRows(page, request.config);
    return { page, extraction, ...(extraction.links && { links: extraction.links }) };
  } catch (error) {
    if (error instanceof ScrapeError) return undefined;
    throw error;
  }
}

/**
 * Parses a page, and extracts its rows.
 * @param counted bytes of it that have been counted before
 * @param crawl decides whether rows are read from it
 */
export function extractPage(
  request: PagesRequest,
  stats: ScrapeStats,
  fetched: SentPage,
  counted = 0,
  crawl?: Pick<Crawl, 'extract'>,
): ExtractedPage {
  const peeked = peeks.get(fetched);
  const { page, source, formatLogLine } = readPage(request, stats, fetched, counted, peeked?.page);
  if (request.config.request?.graphql !== undefined) {
    const problem = readGraphqlErrors(page);
    if (problem !== undefined) createWarn(request, stats)(problem, page.url, true);
  }
  const extraction = crawl?.extract(page) ?? peeked?.extraction ?? extractRows(page, request.config);
  if (fetched.grown !== undefined) extraction.found.steps = fetched.grown;
  if (fetched.scripted) warnVirtualList(request, stats, page);
  request.log('info', formatLogLine(pluralize(extraction.rows.length, 'item')));
  return { page, source, ...extraction };
}

/**
 * Extracts the rows of a page that a browser shows, as the server's has none. A browser may lack the data that the
 * server's page has: then that page says better why there are no rows.
 * @param before the page as the server sends it, and its size
 */
export function extractShown(
  request: PagesRequest,
  stats: ScrapeStats,
  shown: FetchedPage,
  { sent, bytes }: { sent: ExtractedPage; bytes: number },
  crawl?: Pick<Crawl, 'extract'>,
): ExtractedPage {
  try {
    return extractPage(request, stats, shown, bytes, crawl);
  } catch (error) {
    if (error instanceof ScrapeError && error.kind === 'no_items') return sent;
    throw error;
  }
}

/** Extracts the rows of a page that is read in parts. A filter may leave the first ones without rows. */
export async function extractParts(
  request: PagesRequest,
  stats: ScrapeStats,
  first: FetchedPage,
  parts: AsyncGenerator<FetchedPart>,
): Promise<ExtractedPage> {
  let extracted = extractPage(request, stats, first);
  while (extracted.rows.length === 0) {
    const { value, done } = await parts.next();
    if (done === true) return extracted;
    const earlier = { entries: value.before, rows: extracted.found.item ?? 0 };
    extracted = addEarlier(extractPart(request, stats, { ...value, earlier }), extracted);
  }
  const further = async function* () {
    for await (const part of parts) yield extractPart(request, stats, part);
  };
  return { ...extracted, further: further() };
}

/** Adds what was found in the parts before one, which have no rows. */
function addEarlier(extracted: ExtractedPage, earlier: ExtractedPage): ExtractedPage {
  const { found, rows, matches } = extracted;
  const counts = Object.keys(matches).map((name) => [
    name,
    (matches[name] ?? 0) + (earlier.matches[name] ?? 0),
  ]);
  const hasSelected = (found.item ?? 0) > 0 || rows.length > 0;
  return {
    ...extracted,
    found: { ...found, item: (found.item ?? 0) + (earlier.found.item ?? 0) },
    matches: Object.fromEntries(counts),
    unread: [...earlier.unread, ...extracted.unread],
    absent: [...(earlier.absent ?? []), ...(extracted.absent ?? [])],
    // A part in which nothing is selected does not say why there are no rows.
    warnings: hasSelected || (earlier.found.item ?? 0) === 0 ? extracted.warnings : earlier.warnings,
  };
}

/** @throws ScrapeError that also names the entries */
function extractPart(
  request: PagesRequest,
  stats: ScrapeStats,
  part: FetchedPart & Pick<Page, 'earlier'>,
): ExtractedPage {
  try {
    return extractPage(request, stats, part);
  } catch (error) {
    if (!(error instanceof ScrapeError)) throw error;
    throw withNote(error, `in the answer's entries from number ${part.before + 1} on`);
  }
}

/**
 * Parses a page.
 * @param counted bytes of it that have been counted before
 * @param page if it was parsed before
 */
export function readPage(
  request: PagesRequest,
  stats: ScrapeStats,
  sent: SentPage,
  counted = 0,
  page = parsePage(request, sent),
): ParsedPage {
  const { body, headers, url, status, bytes } = sent;
  stats.bytes += bytes - counted;
  const { fetchedAt } = page;
  const source = { body, contentType: getHeader(headers, 'content-type'), status, fetchedAt };
  if (page.note !== undefined && stats.addWarning(page.note, page.url)) request.log('warn', page.note, true);
  const answer = sent.unchanged ? 'HTTP 304 (unchanged)' : `HTTP ${status}`;
  const shown = sent.sentAs ?? redactUrl(url);
  const formatLogLine = (what: string) => `${shown}: ${answer}, ${what}, ${formatBytes(bytes)}`;
  return { page, source, formatLogLine };
}

function parsePage(
  request: PagesRequest,
  { body, headers, url, scripted, excerpt, earlier, isBeginning = false }: SentPage,
): Page {
  const { conceal, concealPages = conceal } = request;
  const linkHeader = getHeader(headers, 'link');
  const loaded = loadPage(body, getHeader(headers, 'content-type') || undefined, url, {
    conceal: concealPages,
    scripted: scripted === true,
    embedded: request.config.embedded,
  });
  return {
    ...loaded,
    ...(conceal === undefined && request.unfill && { unfilledUrl: request.unfill(loaded.url) }),
    writtenLinksOnly: request.writtenLinksOnly === true,
    ...(linkHeader !== '' && { linkHeader }),
    ...(excerpt !== undefined && { excerpt, isBeginning }),
    ...(earlier !== undefined && { earlier }),
  };
}

/** A virtual list contains only the rows in view. Without further pages, the other rows would be missing silently. */
function warnVirtualList({ config, log }: PagesRequest, stats: ScrapeStats, page: Page): void {
  const { item, selectors, pagination } = config;
  if (pagination.type !== 'none' && pagination.type !== 'infinite_scroll') return;
  const selector = item ?? Object.values(selectors)[0]?.selector;
  const note = selector && describeVirtualList(page, select(page, selector));
  if (note && stats.addWarning(note, page.url)) log('warn', note, true);
}
