import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { getEncoding } from 'encoding-sniffer';
import { decompress, readStart } from '../http/content-coding.ts';
import type { ResponseHeaders } from '../http/dispatch-request.ts';
import { getHeader } from '../http/exchange.ts';
import {
  NotASitemap,
  type OnEntry,
  parseRobotsSitemaps,
  parseSitemap,
  type SitemapContent,
} from './parse-sitemap.ts';

/** A byte order mark or a declaration is searched in this many bytes, as on a page. */
const SNIFFED_BYTES = 4096;

const FALLBACK_ENCODING = 'windows-1252';

/**
 * Decodes a body in chunks. UTF-8, which the sitemap protocol requires, is decoded as UTF-8, whatever the file
 * declares. From the first byte that is not valid UTF-8, the declared encoding is used, or windows-1252 without one.
 * @param contentType the header's value; a charset in it takes precedence
 */
export async function* decodeText(
  body: AsyncIterable<Buffer>,
  contentType: string | undefined,
): AsyncGenerator<string> {
  const { start, all } = await readStart(body, SNIFFED_BYTES);
  let decoder = mayBeUtf8(start, contentType) ? undefined : chooseDecoder(start, contentType);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of all) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.subarray(0, bytes.length - countUnfinishedBytes(bytes));
    if (isUtf8(whole)) {
      yield whole.toString('utf8');
      rest = bytes.subarray(whole.length);
      continue;
    }
    decoder = chooseDecoder(start, contentType);
    yield decoder.decode(bytes, { stream: true });
    rest = Buffer.alloc(0);
  }
  if (rest.length > 0) decoder = chooseDecoder(start, contentType);
  if (decoder !== undefined) yield decoder.decode(rest);
}

/** UTF-16 without a byte order mark contains zero bytes, which are valid UTF-8. */
function mayBeUtf8(start: Buffer, contentType = ''): boolean {
  const isOther = /charset/i.test(contentType) && !/charset\s*=\s*["']?utf-?8/i.test(contentType);
  return !isOther && !start.subarray(0, 4).includes(0) && !(start[0] === 0xff || start[0] === 0xfe);
}

/** The number of bytes at the end that belong to an incomplete UTF-8 character. */
function countUnfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function chooseDecoder(start: Buffer, contentType = ''): TextDecoder {
  const label = /charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType)?.[1];
  const sniffing = { maxBytes: SNIFFED_BYTES, defaultEncoding: FALLBACK_ENCODING };
  const told = label === undefined ? sniffing : { ...sniffing, transportLayerEncodingLabel: label };
  // Some encoding names are not supported by TextDecoder.
  return (
    createDecoder(getEncoding(start, told)) ??
    createDecoder(getEncoding(start, sniffing)) ??
    new TextDecoder(FALLBACK_ENCODING)
  );
}

function createDecoder(encoding: string): TextDecoder | undefined {
  try {
    return new TextDecoder(encoding);
  } catch {
    return undefined;
  }
}

/** The protocol's limit for one file, decompressed. */
export const MAX_BYTES = 52_428_800;

/** The parsed content of a file, or why it is not a sitemap. */
export interface FileContent {
  content: SitemapContent | NotASitemap;
  /** Decompressed bytes, as far as the file was read. */
  size: number;
}

export function isRobotsFile(url: URL): boolean {
  return url.pathname === '/robots.txt';
}

/**
 * Parses a file while it arrives. The file itself may be compressed (`.xml.gz`).
 * @throws ScrapeError of the body
 */
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
