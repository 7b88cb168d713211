import type { Item } from './extract/item.ts';
import { isEmpty } from './extract/values.ts';
import type { PageSource, Visit } from './paginate/walk.ts';

/** Counts what a run has found so far. */
export class Tally {
  pages = 0;
  /** The first page's address. */
  firstUrl = '';
  /** The first page's content type, without parameters. */
  firstType = '';
  /** The first page itself, for as long as it may be the one to look at: until every selector has matched something. */
  firstSource: PageSource | undefined;
  items = 0;
  /** Pages as they were received on the wire. */
  bytes = 0;
  /** By field: how many elements its selector matched, over all pages. */
  readonly matches: Record<string, number> = {};
  /** By field: in how many rows it is not empty. */
  readonly filled: Record<string, number> = {};
  readonly #warnings = new Map<string, { text: string; more: number }>();

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
      const filled = rows.filter((row) => !isEmpty(row[field] ?? null)).length;
      this.filled[field] = (this.filled[field] ?? 0) + filled;
    }
    if (this.foundAll()) this.firstSource = undefined;
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
