import type { Visit } from './paginate/walk.ts';

/** Counts what a run has found so far. */
export class Tally {
  pages = 0;
  /** The first page's address. */
  firstUrl = '';
  /** The first page's content type, without parameters. */
  firstType = '';
  items = 0;
  /** Pages as they were received on the wire. */
  bytes = 0;
  /** By field: how many elements its selector matched, over all pages. */
  readonly matches: Record<string, number> = {};
  readonly #warnings = new Map<string, { text: string; more: number }>();

  /** @returns the page's warnings that are of a new kind: pages of one site tend to repeat them, each with its own figures */
  addPage({ page, matches, warnings }: Visit, kept: number): string[] {
    if (this.pages === 0) {
      this.firstUrl = page.url;
      this.firstType = page.contentType;
    }
    this.pages += 1;
    this.items += kept;
    for (const [field, count] of Object.entries(matches))
      this.matches[field] = (this.matches[field] ?? 0) + count;
    return warnings.filter((text) => this.addWarning(text, page.url));
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
