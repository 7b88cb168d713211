import { LineReader } from './line-reader.ts';
import {
  EntryLimitReached,
  MAX_ENTRIES,
  NotASitemap,
  type OnEntry,
  type SitemapContent,
} from './sitemap-entry.ts';
import { SitemapXmlReader } from './sitemap-xml-reader.ts';

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
