import { Parser } from 'htmlparser2';
import { pluralize } from '../../core/lib/text.ts';

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
class EntryLimitReached extends Error {}

export function isTooLong(address: string): boolean {
  return address.length > MAX_URL_CHARACTERS;
}

/** A text in chunks. */
type TextChunks = AsyncIterable<string> | Iterable<string>;

/**
 * Parses a sitemap (sitemaps.org): `urlset`, `sitemapindex`, a feed (RSS 2.0, Atom), or text with one address per line.
 * In XML, only elements of the document's own namespace count (no `image:loc`). Nothing is loaded, and only XML's own
 * five entities are known, so a document cannot grow during parsing.
 * @param chunks not read beyond the last entry that is parsed
 * @throws NotASitemap, possibly after entries were passed to `take`
 */
export function parseSitemap(chunks: TextChunks, take: OnEntry): Promise<SitemapContent> {
  return readWith(chunks, (begin) => {
    if (begin === '') throw new NotASitemap('is empty');
    return begin.startsWith('<') ? new SitemapXmlReader(take) : createLineReader(take);
  });
}

/** Parses the sitemaps that a robots.txt names. */
export function parseRobotsSitemaps(chunks: TextChunks, take: OnEntry): Promise<SitemapContent> {
  const addressIn = (line: string) => /^sitemap[ \t]*:[ \t]*(\S+)/i.exec(line)?.[1];
  return readWith(chunks, () => new LineReader('sitemaps', take, addressIn));
}

/** Accepts only one address per line. */
function createLineReader(take: OnEntry): LineReader {
  let isFirst = true;
  return new LineReader('pages', take, (line) => {
    if (isFirst && !/^https?:\/\//i.test(line))
      throw new NotASitemap('is neither XML nor a list of addresses');
    isFirst = false;
    return line;
  });
}

/**
 * @param readerFor selects a reader by the start of the text, after white space and a byte order mark; receives '' for
 *   an empty text
 */
async function readWith(
  chunks: TextChunks,
  readerFor: (begin: string) => SitemapXmlReader | LineReader,
): Promise<SitemapContent> {
  let reader: SitemapXmlReader | LineReader | undefined;
  try {
    for await (const chunk of chunks) {
      // White space does not reveal the format.
      const text = reader === undefined ? chunk.trimStart() : chunk;
      if (text === '') continue;
      reader ??= readerFor(text);
      reader.write(text);
    }
    reader ??= readerFor('');
    return reader.end();
  } catch (error) {
    if (!(error instanceof EntryLimitReached) || reader?.kind === undefined) throw error;
    return { kind: reader.kind, count: MAX_ENTRIES, more: true };
  }
}

/** One character over the limit keeps the address detectable as too long. */
function truncateAddress(text: string): string {
  return text.slice(0, MAX_URL_CHARACTERS + 1);
}

/** Counts the entries of one file up to the limit. */
class EntryCounter {
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

/** Parses a text with at most one address per line. */
class LineReader {
  readonly kind: SitemapKind;
  readonly #entries: EntryCounter;
  readonly #addressIn: (line: string) => string | undefined;
  #rest = '';

  /** @param getAddress receives each line that is not empty, trimmed */
  constructor(kind: SitemapKind, take: OnEntry, getAddress: (line: string) => string | undefined) {
    this.kind = kind;
    this.#entries = new EntryCounter(take);
    this.#addressIn = getAddress;
  }

  /** @throws EntryLimitReached */
  write(piece: string): void {
    const lines = (this.#rest + piece).split(/[\r\n]+/);
    this.#rest = truncateAddress((lines.pop() ?? '').trimStart());
    for (const line of lines) this.#line(line);
  }

  /** @throws EntryLimitReached */
  end(): SitemapContent {
    this.#line(this.#rest);
    return { kind: this.kind, count: this.#entries.count, more: false };
  }

  #line(line: string): void {
    // `trim` also removes a byte order mark.
    const text = line.trim();
    const address = text === '' ? undefined : this.#addressIn(text);
    if (address !== undefined)
      this.#entries.add({ address: truncateAddress(address), lastmod: '' }, this.kind);
  }
}

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
class SitemapXmlReader {
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
    if (this.#layout === undefined) throw new NotASitemap('contains no element');
    if (!this.#isClosed)
      throw new NotASitemap(`is cut off after ${pluralize(count, 'entry', 'entries')}`, true);
    return { kind: this.#layout.kind, count, more: false };
  }

  onopentagname(name: string): void {
    this.#unreported = 0;
    if (this.#path.push(name) > MAX_DEPTH)
      throw new NotASitemap('nests its elements too deeply for a sitemap');
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
