import { Parser } from 'htmlparser2';

/** The protocol's limit for one file. */
export const MOST_ENTRIES = 50_000;

/** Addresses are shorter than 2,048 characters, says the protocol. */
const LONGEST_ADDRESS = 2_048;

/** A sitemap has three levels; what stands in extensions, a few more. */
const MOST_DEEP = 32;

/** A page, or in an index another sitemap. */
export interface SitemapEntry {
  /** As it is written, without the white space around it. */
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

class Enough extends Error {}

/**
 * Reads a sitemap of sitemaps.org: `urlset`, `sitemapindex`, or text with an address a line. Of XML only elements of the
 * sitemap's own namespace count (no `image:loc`). Nothing is loaded and no entity but XML's own five is known, so
 * that a document cannot grow while it is read.
 * @param pieces of the text, in order @throws NotASitemap, perhaps after entries were taken
 */
export function parseSitemap(pieces: Iterable<string>, take: TakeEntry): SitemapContent {
  let reader: SitemapReader | TextReader | undefined;
  try {
    for (const piece of pieces) {
      reader ??= /^[\s\uFEFF]*</.test(piece) ? new SitemapReader(take) : new TextReader(take);
      reader.write(piece);
    }
    reader ??= new TextReader(take);
    return reader.end();
  } catch (error) {
    if (!(error instanceof Enough) || reader?.kind === undefined) throw error;
    return { kind: reader.kind, count: MOST_ENTRIES, more: true };
  }
}

/** What a robots.txt names as sitemaps. */
export function sitemapsOfRobots(text: string, take: TakeEntry): SitemapContent {
  let count = 0;
  for (const [, address = ''] of text.matchAll(/^[ \t]*sitemap[ \t]*:[ \t]*(\S+)/gim)) {
    if (count === MOST_ENTRIES) break;
    count += 1;
    take({ address, lastmod: '' }, 'sitemaps');
  }
  return { kind: 'sitemaps', count, more: false };
}

/** An address a line. */
class TextReader {
  readonly kind = 'pages';
  readonly #take: TakeEntry;
  #count = 0;
  #rest = '';

  constructor(take: TakeEntry) {
    this.#take = take;
  }

  write(piece: string): void {
    const lines = (this.#rest + piece).split(/[\r\n]+/);
    // One character more shows that it is too long.
    this.#rest = lines.pop()?.slice(0, LONGEST_ADDRESS + 1) ?? '';
    for (const line of lines) this.#line(line);
  }

  /** @throws NotASitemap */
  end(): SitemapContent {
    this.#line(this.#rest);
    if (this.#count === 0) throw new NotASitemap('is empty');
    return { kind: this.kind, count: this.#count, more: false };
  }

  #line(line: string): void {
    const address = line.replace(/^\uFEFF/, '').trim();
    if (address === '') return;
    if (this.#count === 0 && !/^https?:\/\//i.test(address))
      throw new NotASitemap('is neither XML nor a list of addresses');
    if (this.#count === MOST_ENTRIES) throw new Enough();
    this.#count += 1;
    this.#take({ address: address.slice(0, LONGEST_ADDRESS + 1), lastmod: '' }, this.kind);
  }
}

const KINDS: Readonly<Record<string, [SitemapKind, entry: string]>> = {
  urlset: ['pages', 'url'],
  sitemapindex: ['sitemaps', 'sitemap'],
};

class SitemapReader {
  readonly #take: TakeEntry;
  readonly #parser = new Parser(this, { xmlMode: true });
  readonly #path: string[] = [];
  #isOver = false;
  #count = 0;
  #prefix = '';
  #kind: SitemapKind | undefined;
  #entryName = '';
  #isClosed = false;
  #loc = '';
  #lastmod = '';

  constructor(take: TakeEntry) {
    this.#take = take;
  }

  get kind(): SitemapKind | undefined {
    return this.#kind;
  }

  write(piece: string): void {
    this.#parser.write(piece);
  }

  onopentagname(name: string): void {
    if (this.#path.push(name) > MOST_DEEP) throw new NotASitemap('nests its elements too deep for a sitemap');
    if (this.#kind === undefined) this.#begin(name);
    else if (this.#isEntry()) [this.#loc, this.#lastmod] = ['', ''];
  }

  ontext(text: string): void {
    if (this.#path.length !== 3 || this.#path[1] !== this.#entryName) return;
    const inner = this.#path[2];
    // One character more shows that it is too long.
    if (inner === `${this.#prefix}loc`)
      this.#loc = (this.#loc.trimStart() + text).slice(0, LONGEST_ADDRESS + 1);
    else if (inner === `${this.#prefix}lastmod`) this.#lastmod = (this.#lastmod + text).slice(0, 100);
  }

  onclosetag(): void {
    if (!this.#isOver && this.#isEntry() && this.#kind !== undefined) {
      if (this.#count === MOST_ENTRIES) throw new Enough();
      this.#count += 1;
      this.#take({ address: this.#loc.trim(), lastmod: this.#lastmod.trim() }, this.#kind);
    }
    this.#path.pop();
    if (this.#path.length === 0) this.#isClosed = !this.#isOver;
  }

  /** @throws NotASitemap */
  end(): SitemapContent {
    // What ends only now had no end tag.
    this.#isOver = true;
    this.#parser.end();
    if (this.#kind === undefined) throw new NotASitemap('holds no element at all');
    if (!this.#isClosed) throw new NotASitemap(`is cut off after ${this.#count} entries`, true);
    return { kind: this.#kind, count: this.#count, more: false };
  }

  #begin(name: string): void {
    const local = name.slice(name.indexOf(':') + 1);
    const kind = Object.hasOwn(KINDS, local) ? KINDS[local] : undefined;
    if (kind === undefined)
      throw new NotASitemap(`begins with <${name.slice(0, 40)}>, not with <urlset> or <sitemapindex>`);
    this.#prefix = name.slice(0, name.length - local.length);
    this.#kind = kind[0];
    this.#entryName = this.#prefix + kind[1];
  }

  #isEntry(): boolean {
    return this.#path.length === 2 && this.#path[1] === this.#entryName;
  }
}
