import { LRUCache } from 'lru-cache';
import { pluralize } from '../../core/lib/text.ts';
import type { Follow } from '../config/field.ts';
import { createEmptyDetail } from '../extract/extract-detail.ts';
import type { Item } from '../lib/page.ts';
import { describeUrlProblem } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { FailureLimit } from '../pagination/failure-limit.ts';

/**
 * Rows that link to the same page are close to each other, so the fields of the last pages are cached. Their number.
 */
const MAX_REMEMBERED = 5_000;

/** The page that is probably requested next. */
export interface NextPage {
  url: string;
  /** Whether it is the next page of the list. */
  ofList: boolean;
}

/** The parts of the run that completing rows needs. */
export interface DetailAccess {
  /**
   * Fetches a detail page, extracts its fields and counts it.
   * @throws ScrapeError
   */
  read(url: string, next: NextPage | undefined): Promise<Item>;
  /** Reports a page that failed: its address, and a sentence that names it. */
  warn(url: string, message: string): void;
}

/** Completes rows with the fields of their detail pages. */
export class DetailPages {
  readonly #follow: Follow;
  readonly #access: DetailAccess;
  readonly #limit = new FailureLimit('detail pages');
  readonly #known = new LRUCache<string, { fields: Item | undefined }>({ max: MAX_REMEMBERED });
  #pagesLeft: number;
  #rowsLeft: number;
  #without = 0;
  readonly #maxRows: number;

  /** @param maxRows only this many rows are completed; the others get empty fields */
  constructor(follow: Follow, access: DetailAccess, maxRows = Number.POSITIVE_INFINITY) {
    this.#follow = follow;
    this.#access = access;
    this.#pagesLeft = follow.max_pages ?? Number.POSITIVE_INFINITY;
    this.#maxRows = maxRows;
    this.#rowsLeft = maxRows;
  }

  /**
   * Completes the rows, one detail page after the other. Rows whose page failed are dropped if `on_error` says so.
   * @param links the detail page of each row; null for a row without one
   * @param after the list page that is requested when all rows are complete
   * @throws ScrapeError of a page if too many have failed, or if `on_error` is `fail`; `cancelled`
   */
  async complete(rows: readonly Item[], links: readonly (string | null)[], after?: string): Promise<Item[]> {
    const complete: Item[] = [];
    for (const [index, row] of rows.entries()) {
      const following = index + 1 < rows.length ? (links[index + 1] ?? undefined) : after;
      const ofList = index + 1 === rows.length;
      const next = following === undefined ? undefined : { url: following, ofList };
      const fields = await this.#fieldsOf(links[index] ?? null, next);
      if (fields !== undefined) complete.push({ ...row, ...fields });
      else if (this.#follow.on_error !== 'drop_row')
        complete.push({ ...row, ...createEmptyDetail(this.#follow) });
    }
    return complete;
  }

  /**
   * The warnings at the end: none, or one sentence.
   * @throws ScrapeError if not one page could be fetched
   */
  end(): string[] {
    this.#limit.end();
    if (this.#without === 0) return [];
    // A test run completes only the rows that it shows.
    const tried = this.#maxRows - this.#rowsLeft;
    const rows =
      this.#maxRows === Number.POSITIVE_INFINITY
        ? pluralize(this.#without, 'row')
        : `${this.#without} of the first ${pluralize(tried, 'row')}`;
    return [
      `${rows} ${this.#without === 1 ? 'has' : 'have'} no fields of a detail page: follow.max_pages (${this.#follow.max_pages}) was reached`,
    ];
  }

  /** Undefined if the page failed. */
  async #fieldsOf(url: string | null, following: NextPage | undefined): Promise<Item | undefined> {
    if (url === null || this.#rowsLeft <= 0) return createEmptyDetail(this.#follow);
    this.#rowsLeft -= 1;
    const known = this.#known.get(url);
    if (known !== undefined) return known.fields;
    if (this.#pagesLeft <= 0) {
      this.#without += 1;
      return createEmptyDetail(this.#follow);
    }
    this.#pagesLeft -= 1;
    const isNext = following?.ofList || (following?.url !== url && this.#mayFetch(following?.url));
    const fields = await this.#read(url, isNext ? following : undefined);
    this.#known.set(url, { fields });
    return fields;
  }

  #mayFetch(url: string | undefined): boolean {
    return url !== undefined && this.#rowsLeft > 0 && this.#pagesLeft > 0 && !this.#known.has(url);
  }

  async #read(url: string, next: NextPage | undefined): Promise<Item | undefined> {
    try {
      const fields = await this.#access.read(url, next);
      this.#limit.succeeded();
      return fields;
    } catch (error) {
      const isPages = error instanceof ScrapeError && error.kind !== 'cancelled';
      if (!isPages || this.#follow.on_error === 'fail') throw error;
      const outcome = this.#follow.on_error === 'drop_row' ? 'its row is left out' : 'its fields stay empty';
      this.#access.warn(url, `detail page ${url}: ${describeUrlProblem(url, error)}; ${outcome}`);
      this.#limit.failed(error);
      return undefined;
    }
  }
}
