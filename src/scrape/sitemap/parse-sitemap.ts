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
