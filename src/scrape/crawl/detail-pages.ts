import { LRUCache } from 'lru-cache';
import type { Follow } from '../config/follow.ts';
import { createEmptyDetail } from '../extract/extract-detail.ts';
import type { Item } from '../lib/page.ts';
import { describeUrlProblem } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { FailureLimit } from '../paginate/failure-limit.ts';

/** Rows that link to the same page stand near each other: what of so many pages was found is remembered. */
const MAX_REMEMBERED = 5_000;

/** The page that is wanted after one, as far as one can tell. */
export interface NextPage {
  url: string;
  /** It is the next page of the list. */
  ofList: boolean;
}

/** What completing rows needs of the run. */
export interface DetailAccess {
  /** Fetches and reads a detail page, and counts it. @throws ScrapeError */
  read(url: string, next: NextPage | undefined): Promise<Item>;
  /** Tells of a page that failed: its address, and a sentence that names it. */
  warn(url: string, message: string): void;
}

/** Adds to rows what their own pages say. */
export class DetailPages {
  readonly #follow: Follow;
  readonly #access: DetailAccess;
  readonly #limit = new FailureLimit('detail pages');
  readonly #known = new LRUCache<string, { fields: Item | undefined }>({ max: MAX_REMEMBERED });
  #pagesLeft: number;
  #rowsLeft: number;
  #without = 0;

  /** @param maxRows only so many rows are completed; the others get empty fields */
  constructor(follow: Follow, access: DetailAccess, maxRows = Number.POSITIVE_INFINITY) {
    this.#follow = follow;
    this.#access = access;
    this.#pagesLeft = follow.max_pages ?? Number.POSITIVE_INFINITY;
    this.#rowsLeft = maxRows;
  }

  /**
   * The rows with the fields of their pages, one page after the other; without the rows whose page failed, where
   * `on_error` says so.
   * @param links the page of each row; null for a row without
   * @param after the page of the list that is wanted when all rows are complete
   * @throws ScrapeError of a page when too many have failed, or `on_error` is `fail`; `cancelled`
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
   * What is to be said at the end; nothing, or one sentence.
   * @throws ScrapeError when not one page could be fetched
   */
  end(): string[] {
    this.#limit.end();
    if (this.#without === 0) return [];
    const rows = this.#without === 1 ? '1 row has' : `${this.#without} rows have`;
    return [`${rows} no fields of a detail page: follow.max_pages (${this.#follow.max_pages}) was reached`];
  }

  /** Undefined when the page has failed. */
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
