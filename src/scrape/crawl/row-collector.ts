import { getPageFieldNames, getSelectors, type NamedSelector } from '../config/config-fields.ts';
import { type Follow, getFollowKey, listFollows } from '../config/follow.ts';
import { extractDetail, withPageFacts } from '../extract/extract-detail.ts';
import { isEmpty } from '../extract/field-text.ts';
import { take } from '../lib/iterables.ts';
import type { Item, Page } from '../lib/page.ts';
import type { KnownPages, PeekedPage } from '../pagination/known-pages.ts';
import type { ExtractedPage, RawPage } from '../pagination/pagination-context.ts';
import { getConcurrency, type PagesRequest } from '../source/pages-request.ts';
import { canDedupeBeforeFollowing, RowDeduper } from './dedupe.ts';
import { type DetailFields, DetailPages, type LinkedRow, type NextPage } from './detail-pages.ts';
import { noteMisses } from './field-misses.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/** One page, fetched and parsed. */
export interface ParsedPage {
  page: Page;
  source: RawPage;
  /** Formats the page's line for the log, with what was extracted from it. */
  formatLogLine(what: string): string;
}

/** A detail page. It may have its fields only after its scripts have run. */
interface ParsedDetail extends ParsedPage {
  /**
   * @returns undefined if nothing suggests that a browser helps
   * @throws ScrapeError
   */
  retryInBrowser(): Promise<ParsedPage | undefined>;
}

/** The parts of the run that collecting rows needs. */
interface CollectorContext {
  /** @throws ScrapeError */
  fetch(url: string, upcoming: Iterable<NextPage>): Promise<ParsedDetail>;
  /** The pages of the list that are read ahead, besides the next one; undefined if none are. */
  known: KnownPages | undefined;
  /** Called after each detail page. */
  onPage(url: string): void;
}

/** Collects the rows of a run: each once (`dedupe`), with the fields of its detail page (`follow`). */
export class RowCollector {
  readonly #request: PagesRequest;
  readonly #stats: ScrapeStats;
  readonly #context: CollectorContext;
  readonly #selectors: readonly NamedSelector[];
  readonly #deduper: RowDeduper | undefined;
  readonly #dedupeFirst: boolean;
  readonly #concurrency: number;
  /** By level. */
  readonly #details: readonly DetailPages[];
  /** The levels whose pages had a field. */
  readonly #hadFields = new Set<number>();

  constructor(request: PagesRequest, stats: ScrapeStats, run: CollectorContext) {
    const { config, maxDetails, redact = (text: string) => text } = request;
    const { dedupe, follow, selectors } = config;
    this.#request = request;
    this.#stats = stats;
    this.#context = run;
    this.#selectors = getSelectors(config);
    this.#concurrency = getConcurrency(request);
    this.#deduper = dedupe && new RowDeduper(dedupe, getPageFieldNames(config));
    this.#dedupeFirst =
      follow === undefined ||
      (dedupe !== undefined && canDedupeBeforeFollowing(dedupe, config.columns ?? Object.keys(selectors)));
    const access = {
      warn: (url: string, message: string) => {
        request.log(stats.addWarning(redact(message), redact(url)) ? 'warn' : 'debug', message);
      },
    };
    this.#details = listFollows(follow).map((one, above) => {
      const level = above + 1;
      const read = (url: string, upcoming: Iterable<NextPage>) => this.#readDetail(url, upcoming, one, level);
      return new DetailPages(one, level, { ...access, read }, maxDetails);
    });
  }

  /**
   * Collects and counts the rows of a page.
   * @param most further rows are dropped, and their detail pages are not fetched
   * @throws ScrapeError of a detail page (detail-pages.ts)
   */
  async collect({ rows, links = [], page, source, ahead }: ExtractedPage, most: number): Promise<Item[]> {
    const { config } = this.#request;
    let kept = rows.map(
      (row, index): LinkedRow => ({
        row: withPageFacts(row, page, config),
        link: links[index] ?? null,
      }),
    );
    if (this.#dedupeFirst) kept = kept.filter(({ row }) => this.#isNew(row));
    kept = kept.slice(0, most);
    // A sample may not need a further page.
    const next = ahead === undefined ? [] : [ahead];
    const lists = Number.isFinite(most) ? [] : (this.#context.known ?? next);
    for (const [index, details] of this.#details.entries()) {
      const deeper = this.#details[index + 1];
      kept = await details.complete(kept, {
        // Its rows lead to more pages, which are then known in time.
        before: () => (this.#concurrency > 1 ? [...take(lists, 1)].map(toListPage) : []),
        after: (complete) => deeper?.listNext(complete) ?? this.listAhead(lists),
      });
    }
    let items = kept.map(({ row }) => row);
    if (!this.#dedupeFirst) items = items.filter((row) => this.#isNew(row));
    this.#stats.addRows(items, this.#selectors, { url: page.url, source });
    return items;
  }

  /** Adds the rows of an earlier attempt, so that none of them is collected again. */
  async restore(batches: AsyncIterable<readonly Item[]>): Promise<void> {
    if (this.#deduper === undefined) return;
    for await (const rows of batches) for (const row of rows) this.#deduper.isNew(row);
  }

  /**
   * Reports the warnings at the end of the run.
   * @throws ScrapeError if not one detail page could be fetched
   */
  end(): void {
    const { log } = this.#request;
    const { duplicates } = this.#stats;
    if (duplicates > 0) log('info', `left out ${duplicates} duplicate rows (dedupe)`);
    for (const text of this.#details.flatMap((details) => details.end())) {
      this.#stats.addWarning(text);
      log('warn', text, true);
    }
  }

  /**
   * Lists pages of the list, each with those of its rows if it has arrived. After one that has not, an unknown number of
   * pages of rows comes first, so only a few of the list are requested.
   */
  *listAhead(lists: Iterable<string>): Generator<NextPage> {
    const [details, deeper] = this.#details;
    let isKnown = true;
    let left = this.#concurrency;
    for (const url of lists) {
      if (left <= 0) return;
      yield toListPage(url);
      if (details === undefined) continue;
      const peeked: PeekedPage | undefined = isKnown ? this.#context.known?.peek(url) : undefined;
      if (peeked) yield* details.listNext((peeked.links ?? []).map((link) => ({ row: {}, link })));
      isKnown = peeked !== undefined && deeper === undefined;
      if (!isKnown) left -= 1;
    }
  }

  #isNew(row: Item): boolean {
    if (this.#deduper === undefined || this.#deduper.isNew(row)) return true;
    this.#stats.duplicates += 1;
    return false;
  }

  async #readDetail(
    url: string,
    upcoming: Iterable<NextPage>,
    follow: Follow,
    level: number,
  ): Promise<DetailFields> {
    const { config, log } = this.#request;
    const fetched = await this.#context.fetch(url, upcoming);
    const extract = (page: Page) => extractDetail(page, follow, config, level);
    const first = extract(fetched.page);
    const what = level === 1 ? 'details' : `details of ${getFollowKey(level)}`;
    log('info', fetched.formatLogLine(what));
    const isBare = first.link === null && Object.values(first.fields).every(isEmpty);
    // If other detail pages had their fields without scripts, this one does not need a browser.
    const again = isBare && !this.#hadFields.has(level) ? await fetched.retryInBrowser() : undefined;
    if (!isBare) this.#hadFields.add(level);
    if (again !== undefined) log('info', again.formatLogLine(what));
    const { page, source } = again ?? fetched;
    const { fields: selected, link, ...found } = again === undefined ? first : extract(page);
    const fields = withPageFacts(selected, page, follow);
    noteMisses(this.#stats.misses, config, { page, ...found }, level);
    this.#stats.addDetail({ page, source, ...found }, fields, this.#selectors, level);
    this.#context.onPage(page.url);
    return { fields, link };
  }
}

function toListPage(url: string): NextPage {
  return { url, ofList: true };
}
