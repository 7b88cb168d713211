import { LRUCache } from 'lru-cache';
import { pluralize } from '../../core/lib/text.ts';
import { type Follow, getFollowKey } from '../config/follow.ts';
import { createEmptyDetail } from '../extract/extract-detail.ts';
import { chain } from '../lib/iterables.ts';
import type { Item } from '../lib/page.ts';
import { describeUrlProblem } from '../lib/page-url.ts';
import { ScrapeError, withHintForMissing } from '../lib/scrape-error.ts';
import { FailureLimit } from '../pagination/failure-limit.ts';

/**
 * Rows that link to the same page are close to each other, so the fields of the last pages are cached. Their number.
 */
const MAX_REMEMBERED = 5_000;

/** A page that will probably be requested. */
export interface NextPage {
  url: string;
  /** Whether it is the next page of the list. */
  ofList: boolean;
}

/** A row, and the address of the page that completes it; null if it has no link. */
export interface LinkedRow {
  row: Item;
  link: string | null;
}

/** What a detail page adds to a row. */
export interface DetailFields {
  fields: Item;
  /** The address of the page after it; null if it has no link. */
  link: string | null;
}

/** The parts of the run that completing rows needs. */
export interface DetailAccess {
  /**
   * Fetches a detail page, extracts its fields and counts it.
   * @throws ScrapeError
   */
  read(url: string, upcoming: Iterable<NextPage>): Promise<DetailFields>;
  /** Reports a page that failed: its address, and a sentence that names it. */
  warn(url: string, message: string): void;
}

/** What is requested besides the pages of the rows at hand. */
interface OtherPages {
  before(): Iterable<NextPage>;
  after(complete: readonly LinkedRow[]): Iterable<NextPage>;
}

/** Completes rows with the fields of their detail pages of one level. */
export class DetailPages {
  readonly #follow: Follow;
  readonly #access: DetailAccess;
  readonly #key: string;
  readonly #limit: FailureLimit;
  readonly #known = new LRUCache<string, { detail: DetailFields | undefined }>({ max: MAX_REMEMBERED });
  #pagesLeft: number;
  #rowsLeft: number;
  #without = 0;
  readonly #maxRows: number;

  /**
   * @param level which level of `follow` it is, from 1
   * @param maxRows only this many rows are completed; the others get empty fields
   */
  constructor(follow: Follow, level: number, access: DetailAccess, maxRows = Number.POSITIVE_INFINITY) {
    this.#follow = follow;
    this.#key = getFollowKey(level);
    this.#limit = new FailureLimit(level === 1 ? 'detail pages' : `detail pages of ${this.#key}`);
    this.#access = access;
    this.#pagesLeft = follow.max_pages ?? Number.POSITIVE_INFINITY;
    this.#maxRows = maxRows;
    this.#rowsLeft = maxRows;
  }

  /**
   * Completes the rows, one detail page after the other. Rows whose page failed are dropped if `on_error` says so.
   * @param others lists the pages that are requested besides, as far as known: before those of the other rows, and when
   *   all rows are complete, for those complete yet
   * @returns the rows, each with the link to its page of the next level
   * @throws ScrapeError of a page if too many have failed, or if `on_error` is `fail`; `cancelled`
   */
  async complete(rows: readonly LinkedRow[], others?: OtherPages): Promise<LinkedRow[]> {
    const complete: LinkedRow[] = [];
    for (const [index, { row, link: url }] of rows.entries()) {
      const detail = await this.#detailOf(url, () =>
        chain([others?.before() ?? [], this.listNext(rows, index + 1, url), others?.after(complete) ?? []]),
      );
      if (detail === undefined && this.#follow.on_error === 'drop_row') continue;
      const { fields, link } = detail ?? this.#empty();
      complete.push({ row: { ...row, ...fields }, link });
    }
    return complete;
  }

  /**
   * Lists the pages that rows need.
   * @param from the first row
   * @param current the page that is fetched now
   */
  *listNext(rows: readonly LinkedRow[], from = 0, current: string | null = null): Generator<NextPage> {
    let [rowsLeft, pagesLeft] = [this.#rowsLeft, this.#pagesLeft];
    const listed = new Set([current]);
    for (let index = from; index < rows.length && rowsLeft > 0 && pagesLeft > 0; index++) {
      const url = rows[index]?.link ?? null;
      if (url === null) continue;
      rowsLeft -= 1;
      if (this.#known.has(url) || listed.has(url)) continue;
      listed.add(url);
      pagesLeft -= 1;
      yield { url, ofList: false };
    }
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
      `${rows} ${this.#without === 1 ? 'has' : 'have'} no fields of a detail page: ${this.#key}.max_pages (${this.#follow.max_pages}) was reached`,
    ];
  }

  /** Undefined if the page failed. */
  async #detailOf(
    url: string | null,
    listUpcoming: () => Iterable<NextPage>,
  ): Promise<DetailFields | undefined> {
    if (url === null || this.#rowsLeft <= 0) return this.#empty();
    this.#rowsLeft -= 1;
    const known = this.#known.get(url);
    if (known !== undefined) return known.detail;
    if (this.#pagesLeft <= 0) {
      this.#without += 1;
      return this.#empty();
    }
    this.#pagesLeft -= 1;
    const detail = await this.#read(url, listUpcoming());
    this.#known.set(url, { detail });
    return detail;
  }

  #empty(): DetailFields {
    return { fields: createEmptyDetail(this.#follow), link: null };
  }

  async #read(url: string, upcoming: Iterable<NextPage>): Promise<DetailFields | undefined> {
    try {
      const detail = await this.#access.read(url, upcoming);
      this.#limit.succeeded();
      return detail;
    } catch (error) {
      const isPages = error instanceof ScrapeError && error.kind !== 'cancelled';
      if (!isPages) throw error;
      const missing = `Its link was found by ${this.#key}.selector: check that it finds the right one.`;
      const failure = withHintForMissing(error, missing);
      if (this.#follow.on_error === 'fail') throw failure;
      const outcome = this.#follow.on_error === 'drop_row' ? 'its row is left out' : 'its fields stay empty';
      this.#access.warn(url, `detail page ${url}: ${describeUrlProblem(url, error)}; ${outcome}`);
      this.#limit.failed(failure);
      return undefined;
    }
  }
}
