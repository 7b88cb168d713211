import { getPageFieldNames, getSelectors, type NamedSelector } from '../config/config-fields.ts';
import { extractDetail, withPageFacts } from '../extract/extract-detail.ts';
import { isEmpty } from '../extract/field-text.ts';
import type { Item, Page } from '../lib/page.ts';
import type { ExtractedPage, RawPage } from '../pagination/pagination-context.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import { canDedupeBeforeFollowing, RowDeduper } from './dedupe.ts';
import { DetailPages, type NextPage } from './detail-pages.ts';
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
  fetch(url: string, next: NextPage | undefined): Promise<ParsedDetail>;
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
  readonly #details: DetailPages | undefined;
  #hadDetails = false;

  constructor(request: PagesRequest, stats: ScrapeStats, run: CollectorContext) {
    const { config, maxDetails, redact = (text: string) => text } = request;
    const { dedupe, follow, selectors } = config;
    this.#request = request;
    this.#stats = stats;
    this.#context = run;
    this.#selectors = getSelectors(config);
    this.#deduper = dedupe && new RowDeduper(dedupe, getPageFieldNames(config));
    this.#dedupeFirst =
      follow === undefined ||
      (dedupe !== undefined && canDedupeBeforeFollowing(dedupe, config.columns ?? Object.keys(selectors)));
    const access = {
      read: (url: string, next: NextPage | undefined) => this.#readDetail(url, next),
      warn: (url: string, message: string) => {
        request.log(stats.addWarning(redact(message), redact(url)) ? 'warn' : 'debug', message);
      },
    };
    this.#details = follow && new DetailPages(follow, access, maxDetails);
  }

  /**
   * Collects and counts the rows of a page.
   * @param most further rows are dropped, and their detail pages are not fetched
   * @throws ScrapeError of a detail page (detail-pages.ts)
   */
  async collect({ rows, links = [], page, source, ahead }: ExtractedPage, most: number): Promise<Item[]> {
    const { config } = this.#request;
    let kept = rows.map((row, index) => ({
      row: withPageFacts(row, page, config),
      link: links[index] ?? null,
    }));
    if (this.#dedupeFirst) kept = kept.filter(({ row }) => this.#isNew(row));
    kept = kept.slice(0, most);
    let items = kept.map(({ row }) => row);
    if (this.#details !== undefined) {
      items = await this.#details.complete(
        items,
        kept.map(({ link }) => link),
        // A sample may not need a further page.
        Number.isFinite(most) ? undefined : ahead,
      );
      if (!this.#dedupeFirst) items = items.filter((row) => this.#isNew(row));
    }
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
    for (const text of this.#details?.end() ?? []) {
      this.#stats.addWarning(text);
      log('warn', text, true);
    }
  }

  #isNew(row: Item): boolean {
    if (this.#deduper === undefined || this.#deduper.isNew(row)) return true;
    this.#stats.duplicates += 1;
    return false;
  }

  async #readDetail(url: string, next: NextPage | undefined): Promise<Item> {
    const { config, log } = this.#request;
    const fetched = await this.#context.fetch(url, next);
    const extract = (page: Page) => extractDetail(page, config.follow ?? { selectors: {} }, config);
    const first = extract(fetched.page);
    log('info', fetched.formatLogLine('details'));
    const isBare = Object.values(first.fields).every(isEmpty);
    // If other detail pages had their fields without scripts, this one does not need a browser.
    const again = isBare && !this.#hadDetails ? await fetched.retryInBrowser() : undefined;
    if (!isBare) this.#hadDetails = true;
    if (again !== undefined) log('info', again.formatLogLine('details'));
    const { page, source } = again ?? fetched;
    const { fields: selected, ...found } = again === undefined ? first : extract(page);
    const fields = withPageFacts(selected, page, config.follow ?? {});
    this.#stats.addDetail({ page, source, ...found }, fields, this.#selectors);
    this.#context.onPage(page.url);
    return fields;
  }
}
