import {
  EntryCounter,
  type OnEntry,
  type SitemapContent,
  type SitemapKind,
  truncateAddress,
} from './sitemap-entry.ts';

/** Reads a text with at most one address a line. */
export class LineReader {
  readonly kind: SitemapKind;
  readonly #entries: EntryCounter;
  readonly #addressIn: (line: string) => string | undefined;
  #rest = '';

  /** @param getAddress told of each line that is not empty, without the white space around it */
  constructor(kind: SitemapKind, take: OnEntry, getAddress: (line: string) => string | undefined) {
    this.kind = kind;
    this.#entries = new EntryCounter(take);
    this.#addressIn = getAddress;
  }

  /** @throws Enough */
  write(piece: string): void {
    const lines = (this.#rest + piece).split(/[\r\n]+/);
    this.#rest = truncateAddress((lines.pop() ?? '').trimStart());
    for (const line of lines) this.#line(line);
  }

  /** @throws Enough */
  end(): SitemapContent {
    this.#line(this.#rest);
    return { kind: this.kind, count: this.#entries.count, more: false };
  }

  #line(line: string): void {
    // A byte order mark counts as white space.
    const text = line.trim();
    const address = text === '' ? undefined : this.#addressIn(text);
    if (address !== undefined)
      this.#entries.add({ address: truncateAddress(address), lastmod: '' }, this.kind);
  }
}
