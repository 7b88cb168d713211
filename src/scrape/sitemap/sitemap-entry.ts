/** The protocol's limit for one file. */
export const MAX_ENTRIES = 50_000;

/** The protocol requires addresses shorter than 2,048 characters. */
const MAX_URL_CHARACTERS = 2_047;

/** A page, or in an index a further sitemap. */
export interface SitemapEntry {
  /** As written, trimmed. An address that is too long is truncated to a length that is still too long. */
  address: string;
  /** The date of the last change, as written; empty if the sitemap has none. */
  lastmod: string;
}

export type SitemapKind = 'pages' | 'sitemaps';

/** Called with each entry during parsing. A list of all entries of one hostile file would take 100 MB. */
export type OnEntry = (entry: SitemapEntry, kind: SitemapKind) => void;

export interface SitemapContent {
  kind: SitemapKind;
  /** The number of entries, at most {@link MAX_ENTRIES}. */
  count: number;
  /** Whether the file has more entries. */
  more: boolean;
}

/** A body that is not a sitemap. The message follows the body's address. */
export class NotASitemap extends Error {
  override readonly name = 'NotASitemap';
  /** Whether it starts as a sitemap but is truncated. */
  readonly cutOff: boolean;

  constructor(message: string, cutOff = false) {
    super(message);
    this.cutOff = cutOff;
  }
}

/** Thrown by readers at the first entry beyond the limit. */
export class EntryLimitReached extends Error {}

export function isTooLong(address: string): boolean {
  return address.length > MAX_URL_CHARACTERS;
}

/** One character over the limit keeps the address detectable as too long. */
export function truncateAddress(text: string): string {
  return text.slice(0, MAX_URL_CHARACTERS + 1);
}

/** Counts the entries of one file up to the limit. */
export class EntryCounter {
  readonly #take: OnEntry;
  #count = 0;

  constructor(take: OnEntry) {
    this.#take = take;
  }

  get count(): number {
    return this.#count;
  }

  /** @throws EntryLimitReached */
  add(entry: SitemapEntry, kind: SitemapKind): void {
    if (this.#count === MAX_ENTRIES) throw new EntryLimitReached();
    this.#count += 1;
    this.#take(entry, kind);
  }
}
