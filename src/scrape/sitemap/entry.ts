/** The protocol's limit for one file. */
export const MOST_ENTRIES = 50_000;

/** Addresses are shorter than 2,048 characters, says the protocol. */
const LONGEST_ADDRESS = 2_047;

/** A page, or in an index another sitemap. */
export interface SitemapEntry {
  /** As it is written, without the white space around it; one that is too long is cut, and still too long. */
  address: string;
  /** When it last changed, as it is written; empty when the sitemap does not say. */
  lastmod: string;
}

export type SitemapKind = 'pages' | 'sitemaps';

/** Told of each entry as it is read: kept together, those of one hostile file would take 100 MB. */
export type TakeEntry = (entry: SitemapEntry, kind: SitemapKind) => void;

export interface SitemapContent {
  kind: SitemapKind;
  /** Of entries, at most {@link MOST_ENTRIES}. */
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
export class Enough extends Error {}

export function isTooLong(address: string): boolean {
  return address.length > LONGEST_ADDRESS;
}

/** One character more than is allowed shows that it is too long. */
export function cutAddress(text: string): string {
  return text.slice(0, LONGEST_ADDRESS + 1);
}

/** Entries of one file, counted up to the limit. */
export class EntryCount {
  readonly #take: TakeEntry;
  #count = 0;

  constructor(take: TakeEntry) {
    this.#take = take;
  }

  get count(): number {
    return this.#count;
  }

  /** @throws Enough */
  add(entry: SitemapEntry, kind: SitemapKind): void {
    if (this.#count === MOST_ENTRIES) throw new Enough();
    this.#count += 1;
    this.#take(entry, kind);
  }
}
