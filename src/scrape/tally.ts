import { LARGEST_KEPT_PAGE } from '../core/run/kept-pages.ts';
import type { Item } from './extract/item.ts';
import { isEmpty } from './extract/values.ts';
import type { PageSource, Visit } from './paginate/walk.ts';

/** A page and where it came from. */
export interface SeenPage {
  url: string;
  source: PageSource;
}

/** What is expected of a run, as far as its pages have to be remembered for it. */
export interface Watched {
  /** Fields that are to be filled. */
  fields?: readonly string[];
  /** Whether the number of items is to be checked. */
  items?: boolean;
}

/** Counts what a run has found so far. */
export class Tally {
  pages = 0;
  /** The first page's address. */
  firstUrl = '';
  /** The first page's content type, without parameters. */
  firstType = '';
  /**
   * The first page itself, for as long as it may be the one to look at: until every selector has matched something, or to
   * the end when the number of items is to be checked.
   */
  firstSource: PageSource | undefined;
  /** The last page so far, when the number of items is to be checked. */
  lastPage: SeenPage | undefined;
  items = 0;
  /** Pages as they were received on the wire. */
  bytes = 0;
  /** By field: how many elements its selector matched, over all pages. */
  readonly matches: Record<string, number> = {};
  /** By field, also of those that are expected and have no selector: in how many rows it is not empty. */
  readonly filled: Record<string, number> = {};
  /** By expected field: the first page with a row in which it is empty, unless that is too large to be kept. */
  readonly gaps = new Map<string, SeenPage>();
  readonly #expected: readonly string[];
  readonly #watchesItems: boolean;
  readonly #warnings = new Map<string, { text: string; more: number }>();

  constructor({ fields = [], items = false }: Watched = {}) {
    this.#expected = fields;
    this.#watchesItems = items;
  }

  /**
   * @param rows those of the page that are kept
   * @returns the page's warnings that are of a new kind: pages of one site tend to repeat them, each with its own figures
   */
  addPage({ page, matches, warnings, source }: Visit, rows: readonly Item[]): string[] {
    if (this.pages === 0) {
      this.firstUrl = page.url;
      this.firstType = page.contentType;
      this.firstSource = source;
    }
    this.pages += 1;
    this.items += rows.length;
    for (const [field, count] of Object.entries(matches)) {
      this.matches[field] = (this.matches[field] ?? 0) + count;
    }
    for (const field of new Set([...Object.keys(matches), ...this.#expected])) {
      const filled = rows.filter((row) => Object.hasOwn(row, field) && !isEmpty(row[field] ?? null)).length;
      this.filled[field] = (this.filled[field] ?? 0) + filled;
      if (filled < rows.length && this.#expected.includes(field) && !this.gaps.has(field))
        if (source.body.length <= LARGEST_KEPT_PAGE) this.gaps.set(field, { url: page.url, source });
    }
    if (this.#watchesItems) this.lastPage = { url: page.url, source };
    else if (this.foundAll()) this.firstSource = undefined;
    return warnings.filter((text) => this.addWarning(text, page.url));
  }

  /** Whether there are rows, and every selector has matched something. */
  foundAll(): boolean {
    return this.items > 0 && Object.values(this.matches).every((count) => count > 0);
  }

  /** @returns whether it is of a new kind */
  addWarning(text: string, url = ''): boolean {
    const kind = text.replaceAll(url, '').replaceAll(/\d+/g, '#');
    const before = this.#warnings.get(kind);
    if (before === undefined) this.#warnings.set(kind, { text, more: 0 });
    else before.more += 1;
    return before === undefined;
  }

  warnings(): string[] {
    return [...this.#warnings.values()].map(({ text, more }) =>
      more === 0 ? text : `${text} (likewise on ${more} more ${more === 1 ? 'page' : 'pages'})`,
    );
  }
}
