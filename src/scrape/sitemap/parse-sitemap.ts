import {
  EntryCounter,
  EntryLimitReached,
  MAX_ENTRIES,
  NotASitemap,
  type OnEntry,
  type SitemapContent,
  type SitemapKind,
  truncateAddress,
} from './sitemap-entry.ts';
import { SitemapXmlReader } from './sitemap-xml-reader.ts';

/** Reads a text with at most one address a line. */
class LineReader {
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

/** A text, piece by piece. */
type TextChunks = AsyncIterable<string> | Iterable<string>;

/**
 * Reads a sitemap of sitemaps.org: `urlset`, `sitemapindex`, a feed (RSS 2.0, Atom), or text with an address a line. Of XML
 * only elements of the document's own namespace count (no `image:loc`). Nothing is loaded and no entity but XML's own
 * five is known, so that a document cannot grow while it is read.
 * @param chunks those after the last entry that is read stay unread
 * @throws NotASitemap, perhaps after entries were taken
 */
export function parseSitemap(chunks: TextChunks, take: OnEntry): Promise<SitemapContent> {
  return readWith(chunks, (begin) => {
    if (begin === '') throw new NotASitemap('is empty');
    return begin.startsWith('<') ? new SitemapXmlReader(take) : createLineReader(take);
  });
}

/** What a robots.txt names as sitemaps. */
export function parseRobotsSitemaps(chunks: TextChunks, take: OnEntry): Promise<SitemapContent> {
  const addressIn = (line: string) => /^sitemap[ \t]*:[ \t]*(\S+)/i.exec(line)?.[1];
  return readWith(chunks, () => new LineReader('sitemaps', take, addressIn));
}

/** An address a line, and nothing else. */
function createLineReader(take: OnEntry): LineReader {
  let isFirst = true;
  return new LineReader('pages', take, (line) => {
    if (isFirst && !/^https?:\/\//i.test(line))
      throw new NotASitemap('is neither XML nor a list of addresses');
    isFirst = false;
    return line;
  });
}

/** @param readerFor chooses by how the text begins after white space and a byte order mark; nothing when it is empty */
async function readWith(
  chunks: TextChunks,
  readerFor: (begin: string) => SitemapXmlReader | LineReader,
): Promise<SitemapContent> {
  let reader: SitemapXmlReader | LineReader | undefined;
  try {
    for await (const chunk of chunks) {
      // White space does not tell what it is.
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
