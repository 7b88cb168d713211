import { Parser } from 'htmlparser2';

/** The protocol's limit for one file. */
export const MOST_ENTRIES = 50_000;

/** Addresses are shorter than 2,048 characters, says the protocol. */
const LONGEST_ADDRESS = 2_048;

/** A sitemap has three levels; what stands in extensions, a few more. */
const MOST_DEEP = 32;

/** Markup is handed to the parser in pieces of so many characters. */
const CHUNK = 65_536;

/** A page, or in an index another sitemap. */
export interface SitemapEntry {
  /** As it is written, without the white space around it. */
  address: string;
  /** When it last changed, as it is written; empty when the sitemap does not say. */
  lastmod: string;
}

export interface SitemapContent {
  kind: 'pages' | 'sitemaps';
  /** At most {@link MOST_ENTRIES}. */
  entries: SitemapEntry[];
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
 * @throws NotASitemap
 */
export function parseSitemap(text: string): SitemapContent {
  if (!/^[\s\uFEFF]*</.test(text)) return textSitemap(text);
  const reader = new SitemapReader();
  const parser = new Parser(reader, { xmlMode: true });
  try {
    for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    return reader.content(true);
  }
  // What ends only now had no end tag.
  reader.isOver = true;
  parser.end();
  return reader.content(false);
}

/** What a robots.txt names as sitemaps. */
export function sitemapsOfRobots(text: string): SitemapContent {
  const entries = [...text.matchAll(/^[ \t]*sitemap[ \t]*:[ \t]*(\S+)/gim)]
    .slice(0, MOST_ENTRIES)
    .map(([, address = '']) => ({ address, lastmod: '' }));
  return { kind: 'sitemaps', entries, more: false };
}

function textSitemap(text: string): SitemapContent {
  const entries: SitemapEntry[] = [];
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const address = line.replace(/^\uFEFF/, '').trim();
    if (address === '') continue;
    if (entries.length === 0 && !/^https?:\/\//i.test(address))
      throw new NotASitemap('is neither XML nor a list of addresses');
    if (entries.length === MOST_ENTRIES) return { kind: 'pages', entries, more: true };
    entries.push({ address: address.slice(0, LONGEST_ADDRESS + 1), lastmod: '' });
  }
  if (entries.length === 0) throw new NotASitemap('is empty');
  return { kind: 'pages', entries, more: false };
}

const KINDS: Readonly<Record<string, [SitemapContent['kind'], entry: string]>> = {
  urlset: ['pages', 'url'],
  sitemapindex: ['sitemaps', 'sitemap'],
};

class SitemapReader {
  isOver = false;
  readonly #entries: SitemapEntry[] = [];
  readonly #path: string[] = [];
  #prefix = '';
  #kind: SitemapContent['kind'] | undefined;
  #entryName = '';
  #isClosed = false;
  #loc = '';
  #lastmod = '';

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
    if (!this.isOver && this.#isEntry()) {
      if (this.#entries.length === MOST_ENTRIES) throw new Enough();
      this.#entries.push({ address: this.#loc.trim(), lastmod: this.#lastmod.trim() });
    }
    this.#path.pop();
    if (this.#path.length === 0) this.#isClosed = !this.isOver;
  }

  /** @param more whether reading ended before the document did @throws NotASitemap */
  content(more: boolean): SitemapContent {
    if (this.#kind === undefined) throw new NotASitemap('holds no element at all');
    if (!this.#isClosed && !more)
      throw new NotASitemap(`is cut off after ${this.#entries.length} entries`, true);
    return { kind: this.#kind, entries: this.#entries, more };
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
