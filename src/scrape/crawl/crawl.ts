import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { pluralize } from '../../core/lib/text.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { getOriginalUrl } from '../extract/conceal-page.ts';
import { extractRows } from '../extract/extract-rows.ts';
import type { Extraction } from '../extract/make-rows.ts';
import { select } from '../extract/select.ts';
import { getHeader } from '../http/exchange.ts';
import type { FetchedPage } from '../http/fetcher.ts';
import { isDisallowed } from '../http/robots.ts';
import type { Page } from '../lib/page.ts';
import { describeUrlProblem, redactUrl } from '../lib/page-url.ts';
import { ScrapeError, withNote } from '../lib/scrape-error.ts';
import { FailureLimit } from '../pagination/failure-limit.ts';
import { isMissing } from '../pagination/is-missing.ts';
import { PageFailures } from '../pagination/page-failures.ts';
import {
  type ExtractedPage,
  hashRows,
  type PaginationContext,
  type Position,
} from '../pagination/pagination-context.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import { addressShape, isPageType } from './address-shape.ts';
import { canonicalUrl } from './canonical-url.ts';
import type { Resume } from './checkpoint.ts';
import { CrawlCounts, type LeftReason } from './crawl-counts.ts';
import { Frontier, type FrontierPage, type News } from './frontier.ts';
import { IdleParams } from './idle-params.ts';
import { LinkRules } from './link-rules.ts';
import { readCanonicalLink, readPageLinks, readPageText } from './page-links.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/** The links of this many copies of a page are followed. */
const MAX_COPIES = 20;
/** More are not requested at a time. */
const MAX_AHEAD = 64;
/** Shorter texts may be equal by chance, in characters. */
const MIN_TELLING_TEXT = 100;
/** Menus are on every page, so links of the last pages are not examined again. */
const MAX_RECENT_LINKS = 5_000;

/** The parts of the run that a crawl needs. */
type CrawlContext = Pick<
  PaginationContext,
  'fetchPage' | 'skipStart' | 'skippedStarts' | 'debug' | 'info' | 'known'
>;

type CrawlConfig = ScrapeConfig & { crawl: NonNullable<ScrapeConfig['crawl']> };

/**
 * Opens the crawl of a configuration.
 * @param resume names the file for its addresses; without it they are in memory
 * @returns undefined if it has none
 * @throws ScrapeError `output`
 */
export function openCrawl(
  request: PagesRequest,
  stats: ScrapeStats,
  resume: Pick<Resume, 'frontier' | 'isSecret'> | undefined,
): Crawl | undefined {
  const { crawl } = request.config;
  if (crawl === undefined) return undefined;
  stats.crawl = new CrawlCounts(crawl);
  const frontier = new Frontier(resume?.frontier, (url) => resume?.isSecret(url) === true);
  return new Crawl({ ...request.config, crawl }, request, frontier, stats.crawl);
}

/** Follows the links of pages, breadth first, in the order in which they are found. */
export class Crawl {
  readonly #config: CrawlConfig;
  readonly #rules: LinkRules;
  readonly #frontier: Frontier;
  readonly #params: IdleParams;
  readonly #counts: CrawlCounts;
  readonly #respectsNofollow: boolean;
  readonly #redact: (text: string) => string;
  readonly #log: PagesRequest['log'];
  readonly #failures = new PageFailures();
  readonly #recent = new LRUCache<string, true>({ max: MAX_RECENT_LINKS });
  /** The page that is being fetched. */
  #current: FrontierPage | undefined;
  #isSample = false;

  /**
   * @param config with the start addresses
   * @param request how pages are fetched
   */
  constructor(
    config: CrawlConfig,
    { respectRobots, conceal, redact = (text) => text, log }: PagesRequest,
    frontier: Frontier,
    counts: CrawlCounts,
  ) {
    this.#config = config;
    this.#rules = new LinkRules(config, config.urls, conceal);
    this.#frontier = frontier;
    this.#params = new IdleParams(frontier);
    this.#counts = counts;
    this.#respectsNofollow = respectRobots ?? config.respect_robots ?? true;
    this.#redact = redact;
    this.#log = log;
  }

  /** Whether the addresses are there as they were after a page. */
  canContinue(id: number): boolean {
    return this.#frontier.hasFetched(id);
  }

  /** Whether an address contains a secret, which is on no disk. */
  get hasSecrets(): boolean {
    return this.#frontier.hasSecrets;
  }

  close(): void {
    this.#frontier.close();
  }

  /** The pages that were fetched and those that are known and wait, at most `max_pages`; null if pages of rows are fetched besides. */
  get totalPages(): number | null {
    if (this.#config.follow !== undefined) return null;
    const { fetched, waiting } = this.#frontier;
    return Math.min(fetched + waiting, this.#config.crawl.max_pages);
  }

  /** Returns the addresses that will probably be fetched next, in order, after the page that was yielded last. */
  ahead(count: number): string[] {
    const { max_pages, patience } = this.#config.crawl;
    const left = Math.max(0, max_pages - this.#frontier.fetched);
    return this.#frontier.ahead(Math.min(count, left), patience, this.#isSample);
  }

  /** Extracts the rows of a page, if rows are read from it. */
  extract(page: Page): Extraction & Pick<ExtractedPage, 'isForLinks'> {
    if (isPageType(page.contentType) && this.#hasRows(page)) {
      const extraction = extractRows(page, this.#config);
      // Pages without rows are usual.
      return extraction.rows.length > 0 ? extraction : { ...extraction, warnings: [] };
    }
    return { rows: [], matches: {}, found: {}, warnings: [], unread: [], absent: [], isForLinks: true };
  }

  /** Whether a page without rows is as it should be, so that a browser need not show it. */
  mayBeEmpty(page: Page): boolean {
    if (!isPageType(page.contentType)) return true;
    if (this.#config.crawl.rows_from.length > 0 && this.#hasRows(page)) return false;
    return select(page, 'a[href]').length > 0;
  }

  /** Fetches a page; one that is a file comes without its content. */
  async getPage(fetch: () => Promise<FetchedPage>): Promise<{ fetched: FetchedPage; further?: undefined }> {
    const fetched = await fetch();
    const [type = ''] = /^[^;\s]*/.exec(getHeader(fetched.headers, 'content-type')) ?? [];
    return { fetched: isPageType(type.toLowerCase()) ? fetched : { ...fetched, body: Buffer.alloc(0) } };
  }

  /**
   * Fetches the pages, one at a time. A page is fetched only when the caller requests it.
   * @param maxPages limit in addition to the configuration's; pages with rows then come first
   * @param from continues after that page
   * @throws ScrapeError if a start page is missing, if too many pages are, or if a page fails in another way
   */
  async *pages(maxPages: number, context: CrawlContext, from?: Position): AsyncGenerator<ExtractedPage> {
    const frontier = this.#frontier;
    this.#isSample = Number.isFinite(maxPages);
    if (from === undefined) this.#begin();
    else frontier.rewind(from.start);
    const most = Math.min(this.#config.crawl.max_pages, maxPages);
    if (context.known) context.known.ofStart = () => this.ahead(MAX_AHEAD);
    const limit = new FailureLimit('pages of the crawl', {
      tried: frontier.fetched,
      failed: context.skippedStarts,
    });
    for (;;) {
      const page = this.#next();
      if (page === undefined) break;
      if (frontier.fetched >= most) {
        if (most < this.#config.crawl.max_pages)
          context.debug(`stopped after ${pluralize(most, 'page')}, as asked`);
        else this.#counts.end(frontier.waiting);
        break;
      }
      const extracted = await this.#fetch(page, limit, context);
      if (extracted === undefined) continue;
      const position = { start: page.id, pages: 1, next: null, rows: hashRows(extracted.rows) };
      const [ahead] = frontier.fetched < most ? this.ahead(1) : [];
      yield { ...extracted, position, ...(ahead !== undefined && { ahead }) };
    }
    limit.end();
    this.#tell(context);
  }

  #begin(): void {
    const frontier = this.#frontier;
    frontier.clear();
    frontier.transaction(() => {
      for (const url of this.#config.urls) {
        const canonical = canonicalUrl(new URL(url));
        if (!frontier.knows(canonical)) this.#add(new URL(url), canonical, 0, 0);
      }
    });
  }

  #add(url: URL, canonical: string, depth: number, parent: number): boolean {
    const isWanted = this.#isSample && this.#config.crawl.rows_from.length > 0 && this.#rules.hasRows(url);
    const shape = addressShape(canonical);
    return this.#frontier.add({ url: url.href, canonical, depth, parent, shape, isWanted });
  }

  /** Returns the next page that is not of a shape that has brought nothing new for too long. */
  #next(): FrontierPage | undefined {
    for (;;) {
      const page = this.#frontier.next(this.#isSample);
      if (page === undefined) return page;
      const isStopped = this.#frontier.shapeOf(page.shape).idle >= this.#config.crawl.patience;
      const isRepeat = !isStopped && page.depth > 0 && this.#params.isRepeat(canonicalUrl(new URL(page.url)));
      if (!isStopped && !isRepeat) return page;
      if (isStopped) this.#counts.leaveShape(page.shape, this.#show(page.url));
      else this.#leave('idle', page.url, page.id);
      this.#frontier.settle(page, undefined);
    }
  }

  async #fetch(
    page: FrontierPage,
    limit: FailureLimit,
    context: CrawlContext,
  ): Promise<ExtractedPage | undefined> {
    this.#current = page;
    let extracted: ExtractedPage;
    try {
      extracted = await context.fetchPage(page.url);
    } catch (error) {
      if (!(error instanceof ScrapeError) || error.kind === 'cancelled') throw error;
      if (this.#leaveFailed(page, error, context)) limit.failed(error);
      return undefined;
    }
    limit.succeeded();
    this.#failures.succeeded();
    return this.#frontier.transaction(() => this.#take(page, extracted));
  }

  /**
   * Leaves out a page that could not be fetched.
   * @returns whether it is missing, though it should be there
   * @throws ScrapeError the failure, if the run must not go on without the page
   */
  #leaveFailed(page: FrontierPage, error: ScrapeError, context: CrawlContext): boolean {
    const { on_missing, on_error, urls } = this.#config;
    const isStart = page.depth === 0;
    if (!isStart && (isDisallowed(error) || error.kind === 'too_large')) {
      this.#counts.leave(error.kind === 'too_large' ? 'too_large' : 'robots', this.#show(page.url));
      this.#frontier.settle(page, error.kind === 'too_large' ? 'nothing' : undefined);
      return false;
    }
    const isAbsent: boolean = isMissing(error, page.url);
    const isVital = (isStart && urls.length === 1) || (isAbsent ? on_missing : on_error) === 'fail';
    const refusal = isVital ? error : isAbsent ? undefined : this.#failures.judge(error, page.url);
    if (refusal !== undefined) throw this.#withParent(refusal, page);
    context.skipStart(page.url, describeUrlProblem(page.url, error));
    this.#frontier.settle(page, 'nothing');
    return true;
  }

  #withParent(error: ScrapeError, { parent }: FrontierPage): ScrapeError {
    const from = this.#frontier.urlOf(parent);
    return from === undefined ? error : withNote(error, `a page that ${redactUrl(from)} links to`);
  }

  /**
   * Stores what a page brought.
   * @returns undefined if the page is left out
   */
  #take(page: FrontierPage, extracted: ExtractedPage): ExtractedPage | undefined {
    const frontier = this.#frontier;
    const url = new URL(getOriginalUrl(extracted.page));
    const why = this.#refuse(page, url, extracted);
    if (why !== undefined) {
      this.#leave(why, page.url, page.id);
      frontier.settle(page, 'nothing');
      return undefined;
    }
    const text = readPageText(extracted.page);
    const isTelling = text.length >= MIN_TELLING_TEXT;
    const copies = isTelling
      ? frontier.note('text', `${hashRows(extracted.rows)}${hash('sha256', text)}`, page.id, MAX_COPIES)
      : 0;
    // For each row, whether no page before had it.
    const isNew = extracted.rows.map((row) => frontier.note('row', JSON.stringify(row), page.id) === 0);
    const rows = JSON.stringify(extracted.rows).replaceAll(page.url, '');
    const canonical = canonicalUrl(new URL(page.url));
    const isRepeat = this.#params.note({ id: page.id, canonical, rows, hasRows: isNew.length > 0, text });
    const kept = this.#keepRows(page, url, { ...extracted, isCopy: copies > 0 || isRepeat }, isNew);
    const hasLinks = this.#addLinks(page, extracted.page, copies >= MAX_COPIES);
    const news: News = isNew.includes(true) ? 'rows' : hasLinks ? 'links' : 'nothing';
    frontier.settle(page, news);
    this.#counts.addPage(extracted.isForLinks !== true, this.#show(page.url));
    return kept;
  }

  /** Returns why a page that was fetched is left out. */
  #refuse(page: FrontierPage, url: URL, { page: { contentType } }: ExtractedPage): LeftReason | undefined {
    const isElsewhere = canonicalUrl(url) !== canonicalUrl(new URL(page.url));
    if (isElsewhere && page.depth > 0) {
      if (!this.#rules.isOwnHost(url)) return 'other_host';
      if (this.#rules.excludes(url)) return 'not';
    }
    if (isElsewhere && this.#frontier.redirect(page, canonicalUrl(url))) return 'redirect';
    return isPageType(contentType) ? undefined : 'file';
  }

  /** Removes the rows of a page that is another address of a page before. */
  #keepRows(
    page: FrontierPage,
    url: URL,
    extracted: ExtractedPage & { isCopy: boolean },
    isNew: readonly boolean[],
  ): ExtractedPage {
    const { isCopy, ...rest } = extracted;
    const link = readCanonicalLink(rest.page);
    const canonical = canonicalUrl(link !== undefined && this.#rules.isOwnHost(link) ? link : url);
    const isSame = this.#frontier.note('canonical', canonical, page.id) > 0;
    if (rest.rows.length === 0 || !(isCopy || isSame)) return rest;
    const keeps = (_: unknown, index: number) => isNew[index] === true;
    const rows = rest.rows.filter(keeps);
    if (rows.length === rest.rows.length) return rest;
    this.#leave(isSame ? 'canonical' : 'copy', page.url, page.id);
    return { ...rest, rows, ...(rest.links && { links: rest.links.filter(keeps) }) };
  }

  /**
   * Adds the links of a page.
   * @param isCopy whether the page is one of many copies, whose links are not followed
   * @returns whether one of them is worth following: pages like it have brought rows lately, or may do so
   */
  #addLinks({ id, depth }: FrontierPage, page: Page, isCopy: boolean): boolean {
    const { urls, nofollow } = readPageLinks(page, this.#respectsNofollow);
    for (const url of nofollow)
      if (this.#rules.refusal(url) === undefined) this.#leave('nofollow', url.href, id);
    let isWorthIt = false;
    for (const url of urls) {
      if (this.#recent.has(url.href)) continue;
      const canonical = canonicalUrl(url);
      if (!this.#frontier.knows(canonical)) {
        const added = this.#addLink(url, canonical, { id, depth, isCopy });
        isWorthIt ||= added;
      }
      if (!isCopy) this.#recent.set(url.href, true);
    }
    return isWorthIt;
  }

  #addLink(
    url: URL,
    canonical: string,
    { id, depth, isCopy }: { id: number; depth: number; isCopy: boolean },
  ): boolean {
    const { depth: most = Number.POSITIVE_INFINITY, patience } = this.#config.crawl;
    const why = this.#rules.refusal(url) ?? (depth >= most ? 'depth' : isCopy ? 'copies' : undefined);
    if (why !== undefined) return this.#leave(why, url.href, id);
    const shape = addressShape(canonical);
    const { barren, idle } = this.#frontier.shapeOf(shape);
    if (idle >= patience) {
      if (this.#frontier.note('left', canonical, id) === 0)
        this.#counts.leaveShape(shape, this.#show(url.href));
      return false;
    }
    if (this.#params.isRepeat(canonical)) return this.#leave('idle', url.href, id);
    if (!this.#add(url, canonical, depth + 1, id)) return this.#leave('full', url.href, id);
    return barren < patience;
  }

  /** Counts an address that is left out, once. */
  #leave(reason: LeftReason, url: string, page: number): false {
    if (this.#frontier.note('left', url, page) === 0) this.#counts.leave(reason, this.#show(url));
    return false;
  }

  #hasRows(page: Page): boolean {
    const { url } = this.#current ?? {};
    return (
      this.#rules.hasRows(new URL(getOriginalUrl(page))) ||
      (url !== undefined && this.#rules.hasRows(new URL(url)))
    );
  }

  #show(url: string): string {
    return this.#redact(redactUrl(url));
  }

  #tell(context: CrawlContext): void {
    const { pages } = this.#counts;
    context.info(`crawled ${pluralize(pages, 'page')}`);
    for (const text of this.#counts.notes()) context.info(`the crawl left out ${text}`);
    // The outcome has them from the counts.
    for (const text of this.#counts.warnings()) this.#log('warn', text);
  }
}
