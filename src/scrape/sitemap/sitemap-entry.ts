/** The protocol's limit for one file. */
export const MAX_ENTRIES = 50_000;

/** Addresses are shorter than 2,048 characters, says the protocol. */
const MAX_URL_CHARACTERS = 2_047;

/** A page, or in an index another sitemap. */
export interface SitemapEntry {
  /** As it is written, without the white space around it; one that is too long is cut, and still too long. */
  address: string;
  /** When it last changed, as it is written; empty when the sitemap does not say. */
  lastmod: string;
}

export type SitemapKind = 'pages' | 'sitemaps';

/** Told of each entry as it is read: kept together, those of one hostile file would take 100 MB. */
export type OnEntry = (entry: SitemapEntry, kind: SitemapKind) => void;

export interface SitemapContent {
  kind: SitemapKind;
  /** Of entries, at most {@link MAX_ENTRIES}. */
  count: number;
  /** Whether there were more entries than that. */
  more: boolean;
}

/** A body that is no sitemap; the message goes on after its address. */
export class NotASitemap extends Error {
  override readonly name = 'NotASitemap';
  /** Whether it begins as one and ends too early. */
  readonly cutOff: boolean;

  constructor(message: string, cutOff = false) {
    super(message);
    this.cutOff = cutOff;
  }
}

/** Thrown by readers when an entry beyond the limit comes. */
export class EntryLimitReached extends Error {}

export function isTooLong(address: string): boolean {
  return address.length > MAX_URL_CHARACTERS;
}

/** One character more than is allowed shows that it is too long. */
export function truncateAddress(text: string): string {
  return text.slice(0, MAX_URL_CHARACTERS + 1);
}

/** Entries of one file, counted up to the limit. */
export class EntryCounter {
  readonly #take: OnEntry;
  #count = 0;

  constructor(take: OnEntry) {
    this.#take = take;
  }

  get count(): number {
    return this.#count;
  }

  /** @throws Enough */
  add(entry: SitemapEntry, kind: SitemapKind): void {
    if (this.#count === MAX_ENTRIES) throw new EntryLimitReached();
    this.#count += 1;
    this.#take(entry, kind);
  }
}
