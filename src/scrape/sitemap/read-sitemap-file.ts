import { decompress, readStart } from '../http/body-stream.ts';
import type { ResponseHeaders } from '../http/dispatch-request.ts';
import { getHeader } from '../http/exchange.ts';
import { decodeText } from './decode-text.ts';
import { parseRobotsSitemaps, parseSitemap } from './parse-sitemap.ts';
import { NotASitemap, type OnEntry, type SitemapContent } from './sitemap-entry.ts';

/** The protocol's limit for one file, unpacked. */
export const MAX_BYTES = 52_428_800;

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
export async function readSitemapFile(
  body: AsyncIterable<Buffer>,
  url: URL,
  headers: ResponseHeaders,
  take: OnEntry,
): Promise<FileContent> {
  let size = 0;
  const counted = async function* () {
    const { start, all } = await readStart(body, 2);
    const isCompressed = start[0] === 0x1f && start[1] === 0x8b;
    for await (const piece of isCompressed ? decompress(all, 'gzip', MAX_BYTES, url) : all) {
      size += piece.length;
      yield piece;
    }
  };
  const pieces = decodeText(counted(), getHeader(headers, 'content-type'));
  try {
    const content = await (isRobotsFile(url)
      ? parseRobotsSitemaps(pieces, take)
      : parseSitemap(pieces, take));
    return { content, size };
  } catch (error) {
    if (!(error instanceof NotASitemap)) throw error;
    return { content: error, size };
  }
}
