import { hash } from 'node:crypto';
import * as z from 'zod';
import { once } from '../../core/lib/once.ts';
import type { RunShape } from '../../core/model/run-shape.ts';
import type { Extraction } from '../extract/make-rows.ts';
import { increase } from '../lib/counts.ts';
import type { Item, Page } from '../lib/page.ts';
import { toPageUrl } from '../lib/page-url.ts';
import type { KnownPages } from './known-pages.ts';

/** Of a page with thousands of rows several parts ask for the hash. */
const hashes = new WeakMap<readonly Item[], string>();

/** Of more rows the hash contains their number and this many of them, from the first to the last. */
const MAX_HASHED_ROWS = 100;

/** Hashes the rows of a page, to know them again: equal rows give equal hashes. */
export function hashRows(rows: readonly Item[]): string {
  const known = hashes.get(rows) ?? hash('sha256', JSON.stringify(pickRows(rows)), 'base64');
  hashes.set(rows, known);
  return known;
}

function pickRows(rows: readonly Item[]): readonly unknown[] {
  if (rows.length <= MAX_HASHED_ROWS) return rows;
  const step = (rows.length - 1) / (MAX_HASHED_ROWS - 1);
  return [rows.length, ...Array.from({ length: MAX_HASHED_ROWS }, (_, at) => rows[Math.round(at * step)])];
}

/** One fetched page with its extracted rows. */
export interface ExtractedPage extends Extraction {
  page: Page;
  source: RawPage;
  /** Set for a page of a crawl that no rows are read from. */
  isForLinks?: true;
  /** The address of the next page, if the page itself names it; null if there is none. */
  next?: string | null;
  /** The page that will be fetched next, unless the sequence stops. */
  ahead?: string;
  /** Set if the site leads no further than this page, as far as known before the next request. */
  end?: PaginationEnd;
  /** Further rows of the page, if it is too large to be read at once. */
  further?: AsyncIterable<ExtractedPage>;
  /** The position after this page; omitted if an attempt cannot continue from here. */
  position?: Position;
}

/** How a site ended the sequence of pages from a start address. */
export interface PaginationEnd {
  /** `nothing`: there is no next link. `disabled`: it is disabled. `back`: it leads to an earlier page. */
  by: 'nothing' | 'disabled' | 'back';
  /** The address or text of a link that nevertheless seems to lead to a further page (overlooked-link.ts). */
  further?: string;
  /** The page with that link, if it is not the page that was yielded last. */
  at?: { url: string; source: RawPage };
}

/** A position after a page, from which another attempt can continue. */
export interface Position {
  /** Index of the start address, from 0. */
  start: number;
  /** Number of pages from that address, including this one. */
  pages: number;
  /** The address of the next page, if the page itself names it. */
  next: string | null;
  /** Hash of the page's rows ({@link hashRows}). */
  rows: string;
}

/** A page as it was fetched. */
export interface RawPage {
  /** Decompressed, in the page's own character encoding. */
  body: Buffer;
  /** The Content-Type header; empty if there was none. */
  contentType: string;
  /** A 2xx status. */
  status: number;
  /** Epoch milliseconds. */
  fetchedAt: number;
}

/** The context that all pagination types of one run share. */
export interface PaginationContext {
  /**
   * Fetches a page and extracts its rows.
   * @throws ScrapeError
   */
  fetchPage(url: string): Promise<ExtractedPage>;
  /**
   * Clicks an element that is not a link. Only present if a browser renders the pages.
   * @returns undefined if there is no such element, or the click changed nothing
   * @throws ScrapeError
   */
  clickNext?(selector: string): Promise<ExtractedPage | undefined>;
  seen: SeenPages;
  /** Set if pages may be read ahead: which ones. */
  known?: KnownPages;
  /** How many pages beyond the end of a sequence may be requested. */
  overshoot?: number;
  /** The number of start addresses that have been skipped, without {@link skippedAgain}. */
  skippedStarts: number;
  /** The number of those that had failed in earlier runs. */
  skippedAgain?: number;
  /**
   * Returns for a start address that has failed in earlier runs the number of those that succeeded; undefined for another
   * one.
   */
  getFailedRuns?(start: string): number | undefined;
  /**
   * Records that a start address is skipped, and why.
   * @param mayPass whether a later run may fetch it: it is not missing
   */
  skipStart(start: string, problem: string, mayPass?: boolean): void;
  /** Called when a sequence ends at a page that was not yielded. */
  ended(end: PaginationEnd): void;
  /** @param ofPages whether the message contains only what selectors matched on pages */
  debug(message: string, ofPages?: boolean): void;
  info(message: string): void;
  /** @param url the page that the message names; of several similar warnings, the outcome shows the first */
  warn(message: string, url?: string): void;
}

/** The pages of one run, so that none is fetched twice. The part after `#` is ignored. */
export class SeenPages {
  readonly #seen: Set<string>;

  constructor(seen: readonly string[] = []) {
    this.#seen = new Set(seen);
  }

  /** How many there are. {@link list} has them in the order in which they were added. */
  get size(): number {
    return this.#seen.size;
  }

  list(): string[] {
    return [...this.#seen];
  }

  has(url: string): boolean {
    return this.#seen.has(toPageUrl(url));
  }

  /** @returns false if the page was already present */
  add(url: string): boolean {
    const before = this.#seen.size;
    return this.#seen.add(toPageUrl(url)).size > before;
  }
}

const countsByNumber = once(() => z.record(z.string(), z.number()));

/** The counts of {@link PaginationStats}, as saved for the next attempt. */
export const paginationStatsSchema = once(() =>
  z.object({
    pages: z.number(),
    barren: z.number(),
    alike: z.number(),
    /** Hash of the title of the last page without rows; `null` if it has no title. */
    barrenTitle: z.string().nullable(),
    innerBarren: z.number(),
    /** By number of rows: how many pages with that many rows were followed by another page. */
    inner: countsByNumber(),
    single: countsByNumber(),
    led: z.number(),
    ends: z.number(),
    further: z.number(),
    back: z.number(),
    bareEnds: z.number(),
    repeats: z.number(),
    steps: z.number(),
    rows: z.number(),
    links: z.number(),
    outside: countsByNumber(),
    /** The last page. It is not known yet whether the sequence continues from it. */
    last: z
      .object({
        start: z.number(),
        pages: z.number(),
        rows: z.number(),
        mark: z.string(),
        end: z.object({ by: z.enum(['nothing', 'disabled', 'back']), further: z.boolean() }).nullable(),
      })
      .nullable(),
  }),
);

export type PaginationStatsState = z.output<ReturnType<typeof paginationStatsSchema>>;

const NO_ROWS_HASH = hashRows([]);

/** Collects statistics of how a run gets from page to page. */
export class PaginationStats {
  #state: PaginationStatsState = {
    pages: 0,
    barren: 0,
    alike: 0,
    barrenTitle: null,
    innerBarren: 0,
    inner: {},
    single: {},
    led: 0,
    ends: 0,
    further: 0,
    back: 0,
    bareEnds: 0,
    repeats: 0,
    steps: 0,
    rows: 0,
    links: 0,
    outside: {},
    last: null,
  };

  /** @returns whether the page has the same rows as the page before, from the same start address */
  add({ page, rows, links = [], found, position, end }: ExtractedPage): boolean {
    const state = this.#state;
    const { last } = state;
    const { start = -state.pages - 1, pages = 1 } = position ?? {};
    const mark = position?.rows ?? hashRows(rows);
    const goesOn = last !== null && last.start === start && last.pages + 1 === pages;
    if (goesOn) this.#addInner(last.rows, last.pages);
    else this.#close();
    const isRepeat = goesOn && mark !== NO_ROWS_HASH && mark === last.mark;
    state.pages += 1;
    if (rows.length === 0) this.#addBarren(page);
    if (isRepeat) state.repeats += 1;
    state.rows += rows.length;
    state.steps += found.steps ?? 0;
    state.links += links.filter((link) => link !== null).length;
    for (const [field, count] of Object.entries(found.outside ?? {})) increase(state.outside, field, count);
    state.last = { start, pages, rows: rows.length, mark, end: end === undefined ? null : toEnd(end) };
    return isRepeat;
  }

  /** Records that the sequence ends after the page that was added last. */
  end(end: PaginationEnd): void {
    if (this.#state.last !== null) this.#state.last.end = toEnd(end);
  }

  state(): PaginationStatsState {
    return this.#state;
  }

  restore(state: PaginationStatsState): void {
    this.#state = structuredClone(state);
  }

  /** The statistics of the run, as if it had finished. */
  shape(): Omit<RunShape, 'extent' | 'sitemap'> {
    const done = new PaginationStats();
    done.restore(this.#state);
    done.#close();
    const { inner, last: _, barrenTitle: __, ...counts } = done.#state;
    const sizes = Object.entries(inner).map(([rows, count]) => ({ rows: Number(rows), count }));
    const total = sizes.reduce((sum, { count }) => sum + count, 0);
    return { ...counts, inner: total, full: lowerQuartile(sizes, total) };
  }

  #addBarren({ $ }: Page): void {
    const state = this.#state;
    state.barren += 1;
    const title = $('title').first().text().trim();
    const mark = title === '' ? null : hash('sha256', title, 'base64');
    if (mark !== null && mark === state.barrenTitle) state.alike += 1;
    state.barrenTitle = mark;
  }

  #addInner(rows: number, pages: number): void {
    const state = this.#state;
    increase(state.inner, String(rows));
    if (rows === 0) state.innerBarren += 1;
    if (pages === 1) state.led += 1;
  }

  /** Counts the last page as the end of its sequence. */
  #close(): void {
    const state = this.#state;
    const { last } = state;
    state.last = null;
    if (last === null || last.end === null) return;
    state.ends += 1;
    if (last.end.further) state.further += 1;
    if (last.end.by === 'back') state.back += 1;
    if (last.pages > 1 && last.rows === 0) state.bareEnds += 1;
    if (last.pages === 1 && last.end.by !== 'disabled') increase(state.single, String(last.rows));
  }
}

function toEnd({
  by,
  further,
}: PaginationEnd): NonNullable<NonNullable<PaginationStatsState['last']>['end']> {
  return { by, further: further !== undefined };
}

function lowerQuartile(sizes: readonly { rows: number; count: number }[], total: number): number | null {
  let before = 0;
  for (const { rows, count } of sizes.toSorted((a, b) => a.rows - b.rows)) {
    before += count;
    if (before * 4 >= total) return rows;
  }
  return null;
}
