import { Parser } from 'htmlparser2';
import {
  EntryCounter,
  isTooLong,
  NotASitemap,
  type OnEntry,
  type SitemapContent,
  type SitemapKind,
  truncateAddress,
} from './sitemap-entry.ts';

/** A sitemap has three levels, a feed four. Extensions add a few. */
const MAX_DEPTH = 32;

/** The parser buffers a name, a value or a comment until it ends. Characters. */
const MAX_PART_CHARACTERS = 1_000_000;

/** Where a document has its addresses. */
interface Layout {
  kind: SitemapKind;
  /** The names of the elements between the root and an entry, and of the entry. */
  entry: readonly string[];
  /** The element of an entry that has the address: as text, or, in an Atom feed, as `href`. */
  address: string;
  /** The elements that have the date of the last change. */
  changed: readonly string[];
}

/** By the name of the root element. The sitemap protocol also allows feeds. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  urlset: { kind: 'pages', entry: ['url'], address: 'loc', changed: ['lastmod'] },
  sitemapindex: { kind: 'sitemaps', entry: ['sitemap'], address: 'loc', changed: ['lastmod'] },
  rss: { kind: 'pages', entry: ['channel', 'item'], address: 'link', changed: ['pubDate'] },
  feed: { kind: 'pages', entry: ['entry'], address: 'link', changed: ['updated', 'modified'] },
};

/** Parses a sitemap, a sitemap index, or a feed as XML. The parser calls the methods with lower-case names. */
export class SitemapXmlReader {
  readonly #entries: EntryCounter;
  readonly #parser = new Parser(this, { xmlMode: true });
  readonly #path: string[] = [];
  #layout: Layout | undefined;
  /** The namespace prefix of the document's own elements. */
  #prefix = '';
  /** The element names from the root to an entry. */
  #way: readonly string[] = [];
  #isOver = false;
  #isClosed = false;
  /** Characters since the parser's last callback. */
  #unreported = 0;
  #address = '';
  #changed = '';
  #link = { href: '', rel: '' };

  constructor(take: OnEntry) {
    this.#entries = new EntryCounter(take);
  }

  get kind(): SitemapKind | undefined {
    return this.#layout?.kind;
  }

  /** @throws NotASitemap, EntryLimitReached */
  write(chunk: string): void {
    this.#unreported += chunk.length;
    this.#parser.write(chunk);
    if (this.#unreported > MAX_PART_CHARACTERS)
      throw new NotASitemap('has a name, a value or a comment of more than a million characters');
  }

  /** @throws NotASitemap */
  end(): SitemapContent {
    // An element that the parser closes only now had no end tag.
    this.#isOver = true;
    this.#parser.end();
    const { count } = this.#entries;
    if (this.#layout === undefined) throw new NotASitemap('holds no element at all');
    if (!this.#isClosed) throw new NotASitemap(`is cut off after ${count} entries`, true);
    return { kind: this.#layout.kind, count, more: false };
  }

  onopentagname(name: string): void {
    this.#unreported = 0;
    if (this.#path.push(name) > MAX_DEPTH) throw new NotASitemap('nests its elements too deep for a sitemap');
    if (this.#layout === undefined) this.#begin(name);
    else if (this.#isEntry()) [this.#address, this.#changed] = ['', ''];
    else this.#link = { href: '', rel: '' };
  }

  onattribute(name: string, value: string): void {
    this.#unreported = 0;
    if (!this.#isInEntry()) return;
    if (name === 'href') this.#link.href = truncateAddress(value.trim());
    else if (name === 'rel') this.#link.rel = value;
  }

  ontext(text: string): void {
    this.#unreported = 0;
    if (!this.#isInEntry()) return;
    if (this.#isNamed(this.#layout?.address)) {
      if (!isTooLong(this.#address)) this.#address = truncateAddress((this.#address + text).trimStart());
    } else if (this.#layout?.changed.some((one) => this.#isNamed(one)) && this.#changed.length < 100)
      this.#changed += text.slice(0, 100);
  }

  oncomment(): void {
    this.#unreported = 0;
  }

  onprocessinginstruction(): void {
    this.#unreported = 0;
  }

  onclosetag(): void {
    this.#unreported = 0;
    if (!this.#isOver && this.#layout !== undefined) {
      if (this.#isEntry())
        this.#entries.add(
          { address: this.#address.trim(), lastmod: this.#changed.trim() },
          this.#layout.kind,
        );
      else if (this.#isInEntry() && this.#isNamed(this.#layout.address)) this.#takeLink();
    }
    this.#path.pop();
    if (this.#path.length === 0) this.#isClosed = !this.#isOver;
  }

  /** Atom: of several links, the first one to the entry's own page is used. */
  #takeLink(): void {
    const { href, rel } = this.#link;
    if (this.#address.trim() === '' && (rel === '' || rel === 'alternate')) this.#address = href;
  }

  #begin(name: string): void {
    const local = name.slice(name.indexOf(':') + 1);
    const layout = Object.hasOwn(LAYOUTS, local) ? LAYOUTS[local] : undefined;
    if (layout === undefined)
      throw new NotASitemap(
        `begins with <${name.slice(0, 40)}>, not with <urlset>, <sitemapindex>, or as a feed with <rss> or <feed>`,
      );
    this.#prefix = name.slice(0, name.length - local.length);
    this.#layout = layout;
    this.#way = layout.entry.map((one) => this.#prefix + one);
  }

  #isEntry(): boolean {
    return this.#path.length === this.#way.length + 1 && this.#isOnWay();
  }

  /** Whether the current element is a direct child of an entry. */
  #isInEntry(): boolean {
    return this.#path.length === this.#way.length + 2 && this.#isOnWay();
  }

  #isOnWay(): boolean {
    return this.#way.every((name, n) => this.#path[n + 1] === name);
  }

  #isNamed(name: string | undefined): boolean {
    return name !== undefined && this.#path.at(-1) === this.#prefix + name;
  }
}
