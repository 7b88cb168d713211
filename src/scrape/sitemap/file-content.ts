import { startOf, unpacked } from '../fetch/body-stream.ts';
import { headerText } from '../fetch/exchange.ts';
import type { ResponseHeaders } from '../fetch/receive.ts';
import { NotASitemap, type SitemapContent, type TakeEntry } from './entry.ts';
import { parseSitemap, sitemapsOfRobots } from './parse-sitemap.ts';
import { textPieces } from './text-pieces.ts';

/** The protocol's limit for one file, unpacked. */
export const MOST_BYTES = 52_428_800;

/** What a file turned out to be. */
export interface FileContent {
  content: SitemapContent | NotASitemap;
  /** Bytes, unpacked, as far as it was read. */
  size: number;
}

export function isRobotsFile(url: URL): boolean {
  return url.pathname === '/robots.txt';
}

/** Reads a file as it comes; packed by its own, too (`.xml.gz`). @throws ScrapeError of the body */
export async function contentOf(
  body: AsyncIterable<Buffer>,
  url: URL,
  headers: ResponseHeaders,
  take: TakeEntry,
): Promise<FileContent> {
  let size = 0;
  const counted = async function* () {
    const { start, all } = await startOf(body, 2);
    const isPacked = start[0] === 0x1f && start[1] === 0x8b;
    for await (const piece of isPacked ? unpacked(all, 'gzip', MOST_BYTES, url) : all) {
      size += piece.length;
      yield piece;
    }
  };
  const pieces = textPieces(counted(), headerText(headers, 'content-type'));
  try {
    const content = await (isRobotsFile(url) ? sitemapsOfRobots(pieces, take) : parseSitemap(pieces, take));
    return { content, size };
  } catch (error) {
    if (!(error instanceof NotASitemap)) throw error;
    return { content: error, size };
  }
}
