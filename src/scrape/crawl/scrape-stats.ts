import type { Check, SelectorPart } from '../../core/model/check.ts';
import type { SitemapShape } from '../../core/model/run-shape.ts';
import { MAX_SAVED_PAGE_BYTES, type PageRole } from '../../core/runs/saved-pages.ts';
import type { NamedSelector } from '../config/config-fields.ts';
import { type Absent, AbsentValues } from '../extract/absent-values.ts';
import { describeUnparsed, type Unparsed, UnparsedValues } from '../extract/extraction-context.ts';
import { increase } from '../lib/counts.ts';
import type { Item } from '../lib/page.ts';
import {
  type ExtractedPage,
  type PaginationEnd,
  PaginationStats,
  type PaginationStatsState,
  type RawPage,
} from '../pagination/pagination-context.ts';
import { countFilled, hasValue } from './count-filled.ts';
import { CrawlCounts } from './crawl-counts.ts';
import type { FieldMisses } from './field-misses.ts';
import { PageList } from './page-list.ts';
import { RunWarnings } from './run-warnings.ts';

/** A page and its source. */
export interface VisitedPage {
  url: string;
  source: RawPage;
  /** Default: a page with rows. */
  role?: PageRole;
  /** Of a detail page: its level of `follow`; default: 1. */
  level?: number;
}

/** The expectations of a run that decide which pages are remembered. */
export interface StatsOptions {
  /** Fields that are expected to have values. */
  fields?: readonly string[];
  /** Whether the number of items is checked. */
  items?: boolean;
}

/** All counts, as saved for the next attempt. */
interface ScrapeStatsState
  extends Pick<
    ScrapeStats,
    | 'pages'
    | 'items'
    | 'duplicates'
    | 'missingAgain'
    | 'bytes'
    | 'firstUrl'
    | 'firstType'
    | 'matches'
    | 'matchedPages'
    | 'found'
    | 'filled'
  > {
  /** Detail pages, by level. */
  details: number[];
  missing: ReturnType<PageList['state']>;
  bare: ReturnType<PageList['state']>;
  walks: PaginationStatsState;
  crawl?: ReturnType<CrawlCounts['state']> | undefined;
  warnings: ReturnType<RunWarnings['state']>;
  unread: Unparsed[];
  absent?: Absent[] | undefined;
  misses?: FieldMisses | undefined;
}

/** The matches of a selector of rows or pages: the number of elements, and the number of pages with any. */
interface PageMatches {
  matched: number;
  pages: number;
}

/** What the selectors of a page found. */
type Findings = Pick<ExtractedPage, 'matches' | 'unread' | 'absent'>;

/** Counts what a run has found so far. */
export class ScrapeStats {
  pages = 0;
  /** The first page's address. */
  firstUrl = '';
  /** The first page's content type, without parameters. */
  firstType = '';
  /**
   * The first page itself: it may explain a failure, and is what later runs are compared with. One that is too large to
   * be saved is dropped when every selector has matched something, unless the number of items is checked.
   */
  firstSource: RawPage | undefined;
  /** The first detail page of each level, likewise. */
  readonly firstDetails = new Map<number, VisitedPage>();
  /** The last page so far, if the number of items is checked. */
  lastPage: VisitedPage | undefined;
  items = 0;
  /** Rows that were dropped as duplicates (`dedupe`). */
  duplicates = 0;
  /** Size of the pages as received. */
  bytes = 0;
  /** By selector (config/config-fields.ts): the number of elements it matched, over all pages. */
  readonly matches: Record<string, number> = {};
  /** By selector: the number of pages on which it matched something. */
  readonly matchedPages: Record<string, number> = {};
  /** By field that reads data: why it is empty in all rows. */
  readonly misses: FieldMisses = {};
  /** The matches of the selectors for rows and for the next page; absent until the selector was used. */
  readonly found: { item?: PageMatches | undefined; pagination?: PageMatches | undefined } = {};
  /** The content of the sitemap, if there is one. */
  sitemap: SitemapShape | null = null;
  /** The key that lists the start addresses. */
  startKey: 'urls' | 'urls_from' = 'urls';
  /** There was nothing to fetch, because earlier runs have fetched all addresses (`only: new`). */
  isUpToDate = false;
  /** What a crawl has seen; null if there is none. */
  crawl: CrawlCounts | null = null;
  /** Start addresses that were skipped, because their pages are missing. */
  readonly missing = new PageList();
  /** How many of these have failed in earlier runs, too (`only: new`). */
  missingAgain = 0;
  /** Start addresses whose pages have no rows, although each is expected to have some. */
  readonly bare = new PageList();
  readonly pagination = new PaginationStats();
  /** By part that may be broken if a run has found little (likely-broken.ts): the first page that suggests it. */
  readonly signs = new Map<SelectorPart, VisitedPage>();
  /** By selector, and by expected field without a selector: the number of rows with a non-empty value. */
  readonly filled: Record<string, number> = {};
  /** By expected field: the first page with a row in which it is empty, unless the page is too large to be saved. */
  readonly gaps = new Map<string, VisitedPage>();
  /** The checks of the rules on values (`expect.fields`), once all rows are staged. */
  rules: readonly Check[] = [];
  readonly #expected: readonly string[];
  readonly #tracksItems: boolean;
  readonly #unread = new UnparsedValues();
  /** What matches lack, by selector. */
  readonly #absent = new AbsentValues();
  #details: number[] = [];
  #isFirstForLinks = false;
  readonly #warnings = new RunWarnings();

  constructor({ fields = [], items = false }: StatsOptions = {}) {
    this.#expected = fields;
    this.#tracksItems = items;
  }

  /**
   * Counts a page of rows.
   * @returns the page's warnings of a new kind: pages of one site tend to repeat them, each with its own figures
   */
  addPage(extracted: ExtractedPage): string[] {
    const { page, warnings, source, found } = extracted;
    if (this.#isFirst(extracted)) {
      this.firstUrl = page.url;
      this.firstType = page.contentType;
      this.firstSource = source;
      this.#isFirstForLinks = extracted.isForLinks === true;
    }
    if (extracted.isForLinks) {
      this.pages += 1;
      return [];
    }
    const seen = { url: page.url, source };
    const isRepeat = this.pagination.add(extracted);
    if (this.#tracksItems) this.#noteSigns(extracted, isRepeat, seen);
    this.#addFindings(extracted);
    for (const part of ['item', 'pagination'] as const) {
      const matched = found[part];
      if (matched === undefined) continue;
      const before = this.found[part] ?? { matched: 0, pages: 0 };
      this.found[part] = {
        matched: before.matched + matched,
        pages: before.pages + Number(matched > 0),
      };
    }
    return warnings.filter((text) => this.addWarning(text, page.url, true));
  }

  /** Counts what was found in a further part of a page. */
  addPart(extracted: ExtractedPage): void {
    for (const [name, count] of Object.entries(extracted.matches)) increase(this.matches, name, count);
    this.#addUnread(extracted);
    if (this.found.item !== undefined) this.found.item.matched += extracted.found.item ?? 0;
  }

  /** Whether a page takes the place of the first page. The first page of a crawl with rows does. */
  #isFirst({ rows, isForLinks }: ExtractedPage): boolean {
    if (this.firstUrl === '') return true;
    if (isForLinks || this.crawl === null) return false;
    return this.#isFirstForLinks || (this.items === 0 && rows.length > 0);
  }

  #noteSigns({ rows, links, end, found }: ExtractedPage, isRepeat: boolean, seen: VisitedPage): void {
    this.lastPage = seen;
    const outside = Object.values(found.outside ?? {}).some((count) => count > 0);
    if (isRepeat || end?.further !== undefined || end?.by === 'back') this.#noteSign('pagination', seen);
    if (rows.length === 0 || outside) this.#noteSign('item', seen);
    if (links?.some((link) => link === null)) this.#noteSign('follow', seen);
  }

  #noteSign(part: SelectorPart, page: VisitedPage): void {
    if (!this.signs.has(part) && page.source.body.length <= MAX_SAVED_PAGE_BYTES) this.signs.set(part, page);
  }

  /** Records that the sequence of pages from a start address ends after the page that was added last. */
  endPagination(end: PaginationEnd): void {
    this.pagination.end(end);
    if (this.#tracksItems && end.further !== undefined && end.at) this.#noteSign('pagination', end.at);
  }

  /**
   * Counts a detail page.
   * @param fields extracted from the page
   * @param selectors of the configuration
   * @param level of `follow`, from 1
   */
  addDetail(
    { page, source, ...findings }: Pick<ExtractedPage, 'page' | 'source'> & Findings,
    fields: Item,
    selectors: readonly NamedSelector[],
    level = 1,
  ): void {
    const seen: VisitedPage = { url: page.url, source, role: 'detail', ...(level > 1 && { level }) };
    const before = this.#details[level - 1] ?? 0;
    if (before === 0) this.firstDetails.set(level, seen);
    while (this.#details.length < level) this.#details.push(0);
    this.#details[level - 1] = before + 1;
    this.#addFindings(findings);
    for (const { part, name, path, level: own } of selectors) {
      if (own !== level || part !== 'field' || !this.#expected.includes(name)) continue;
      if (!hasValue(fields, path)) this.#noteGap(name, seen);
    }
  }

  /** The first detail pages, by level. */
  listFirstDetails(): VisitedPage[] {
    return [...this.firstDetails].sort(([one], [other]) => one - other).map(([, page]) => page);
  }

  /**
   * Counts collected rows.
   * @param page the page that contains them
   */
  addRows(rows: readonly Item[], selectors: readonly NamedSelector[], page: VisitedPage): void {
    this.items += rows.length;
    const names = new Set(selectors.map(({ name }) => name));
    const others = this.#expected.filter((name) => !names.has(name)).map((name) => ({ name, path: [name] }));
    for (const { name, path } of [...selectors, ...others]) {
      const filled = countFilled(rows, path);
      increase(this.filled, name, filled);
      if (filled < rows.length && this.#expected.includes(name)) this.#noteGap(name, page);
    }
    if (!this.hasMatchedAll()) return;
    const isTooLarge = (source?: RawPage) => (source?.body.length ?? 0) > MAX_SAVED_PAGE_BYTES;
    if (!this.#tracksItems && isTooLarge(this.firstSource)) this.firstSource = undefined;
    for (const [level, { source }] of this.firstDetails)
      if (isTooLarge(source)) this.firstDetails.delete(level);
  }

  /** Takes rows back out of the counts. */
  removeRows(rows: readonly Item[], selectors: readonly NamedSelector[]): void {
    this.items -= rows.length;
    for (const name of Object.keys(this.filled)) {
      const path = selectors.find((one) => one.name === name)?.path ?? [name];
      increase(this.filled, name, -countFilled(rows, path));
    }
  }

  #addFindings(findings: Findings): void {
    this.pages += 1;
    for (const [name, count] of Object.entries(findings.matches)) {
      increase(this.matches, name, count);
      increase(this.matchedPages, name, Number(count > 0));
    }
    this.#addUnread(findings);
  }

  #addUnread({ unread, absent = [] }: Pick<ScrapeStatsState, 'unread' | 'absent'>): void {
    for (const { field, reason, sample, count } of unread) this.#unread.add(field, reason, sample, count);
    this.#absent.merge(absent);
  }

  #noteGap(field: string, page: VisitedPage): void {
    if (!this.gaps.has(field) && page.source.body.length <= MAX_SAVED_PAGE_BYTES) this.gaps.set(field, page);
  }

  /** The state for {@link restore}. */
  state(): ScrapeStatsState {
    const { pages, items, duplicates, bytes, firstUrl, firstType, matches, filled } = this;
    const { matchedPages, found } = this;
    const warnings = this.#warnings.state();
    const counts = { pages, details: [...this.#details], items, duplicates, bytes, firstUrl, firstType };
    const { missingAgain } = this;
    const starts = { missing: this.missing.state(), missingAgain, bare: this.bare.state() };
    const crawl = this.crawl === null ? {} : { crawl: this.crawl.state() };
    const more = { matchedPages, found, walks: this.pagination.state(), ...crawl, ...starts };
    const unread = { unread: this.#unread.list(), absent: this.#absent.list(), misses: this.misses };
    return { ...counts, ...more, matches, filled, warnings, ...unread };
  }

  /** Continues the counts of an earlier attempt. The pages themselves are not restored. */
  restore(state: ScrapeStatsState): void {
    const { details, bytes, matches, matchedPages, found, filled, walks, warnings, ...rest } = state;
    const { missing, bare, crawl, unread, absent, misses, ...counts } = rest;
    Object.assign(this, counts);
    this.missing.restore(missing);
    if (crawl !== undefined) this.#restoreCrawl(crawl);
    this.bare.restore(bare);
    this.bytes += bytes;
    this.#details = [...details];
    Object.assign(this.matchedPages, matchedPages);
    Object.assign(this.found, found);
    this.pagination.restore(walks);
    Object.assign(this.matches, matches);
    Object.assign(this.filled, filled);
    this.#warnings.restore(warnings);
    this.#addUnread({ unread, absent });
    Object.assign(this.misses, misses);
  }

  /** The values that could not be parsed, by field and reason. */
  unparsedValues(): Unparsed[] {
    return this.#unread.list();
  }

  #restoreCrawl(state: ReturnType<CrawlCounts['state']>): void {
    this.crawl ??= new CrawlCounts();
    this.crawl.restore(state);
  }

  /** Describes the values that could not be parsed, one sentence per field and reason, and what no match has. */
  describeUnparsedValues(): string[] {
    return [...this.#unread.list().map(describeUnparsed), ...this.#absent.describe()];
  }

  /** Whether there are rows, and every selector has matched something. */
  hasMatchedAll(): boolean {
    return this.items > 0 && Object.values(this.matches).every((count) => count > 0);
  }

  /** As {@link RunWarnings.add}. */
  addWarning(text: string, url = '', ofPage = false): boolean {
    return this.#warnings.add(text, url, ofPage);
  }

  warnings(): string[] {
    return [...this.#warnings.list(), ...this.#describeOutcome()];
  }

  /** The warnings, those first that explain best why there are no rows. */
  listReasons(): string[] {
    return [...this.#warnings.listReasons(), ...this.#describeOutcome()];
  }

  #describeOutcome(): string[] {
    return [
      ...(this.crawl?.warnings() ?? []),
      ...this.#describeMissing(),
      ...this.describeEmptyPages(),
      ...this.describeUnparsedValues(),
    ];
  }

  /** Describes the pages without rows: no text, or one sentence. */
  describeEmptyPages(): string[] {
    return this.bare.describe(`page of ${this.startKey}`, `pages of ${this.startKey}`, [
      'has no rows',
      'have no rows',
    ]);
  }

  #describeMissing(): string[] {
    const [one, many] =
      this.crawl !== null
        ? ['page of the crawl', 'pages of the crawl']
        : this.sitemap === null
          ? [`address of ${this.startKey}`, `addresses of ${this.startKey}`]
          : ['page of the sitemap', 'pages of the sitemap'];
    return this.missing.describe(one, many, ['was left out', 'were left out']);
  }
}
