import { Enough, MOST_ENTRIES, NotASitemap, type SitemapContent, type TakeEntry } from './entry.ts';
import { LineReader } from './line-reader.ts';
import { XmlReader } from './xml-reader.ts';

/** A text, piece by piece. */
type Pieces = AsyncIterable<string> | Iterable<string>;

/**
 * Reads a sitemap of sitemaps.org: `urlset`, `sitemapindex`, a feed (RSS 2.0, Atom), or text with an address a line. Of XML
 * only elements of the document's own namespace count (no `image:loc`). Nothing is loaded and no entity but XML's own
 * five is known, so that a document cannot grow while it is read.
 * @param pieces those after the last entry that is read stay unread
 * @throws NotASitemap, perhaps after entries were taken
 */
export function parseSitemap(pieces: Pieces, take: TakeEntry): Promise<SitemapContent> {
  return readBy(pieces, (begin) => {
    if (begin === '') throw new NotASitemap('is empty');
    return begin.startsWith('<') ? new XmlReader(take) : addressReader(take);
  });
}

/** What a robots.txt names as sitemaps. */
export function sitemapsOfRobots(pieces: Pieces, take: TakeEntry): Promise<SitemapContent> {
  const addressIn = (line: string) => /^sitemap[ \t]*:[ \t]*(\S+)/i.exec(line)?.[1];
  return readBy(pieces, () => new LineReader('sitemaps', take, addressIn));
}

/** An address a line, and nothing else. */
function addressReader(take: TakeEntry): LineReader {
  let isFirst = true;
  return new LineReader('pages', take, (line) => {
    if (isFirst && !/^https?:\/\//i.test(line))
      throw new NotASitemap('is neither XML nor a list of addresses');
    isFirst = false;
    return line;
  });
}

/** @param readerFor chooses by how the text begins after white space and a byte order mark; nothing when it is empty */
async function readBy(
  pieces: Pieces,
  readerFor: (begin: string) => XmlReader | LineReader,
): Promise<SitemapContent> {
  let reader: XmlReader | LineReader | undefined;
  try {
    for await (const piece of pieces) {
      // White space does not tell what it is.
      const text = reader === undefined ? piece.trimStart() : piece;
      if (text === '') continue;
      reader ??= readerFor(text);
      reader.write(text);
    }
    reader ??= readerFor('');
    return reader.end();
  } catch (error) {
    if (!(error instanceof Enough) || reader?.kind === undefined) throw error;
    return { kind: reader.kind, count: MOST_ENTRIES, more: true };
  }
}
