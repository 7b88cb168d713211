import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzip,
  inflate,
  inflateRaw,
  type ZlibOptions,
} from 'node:zlib';
import { formatBytes } from '../../core/lib/format-bytes.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { ResponseHeaders } from './dispatch-request.ts';

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzipAsync: Decode = promisify(gunzip);
const brotliAsync: Decode = promisify(brotliDecompress);
const inflateAsync: Decode = promisify(inflate);
const inflateRawAsync: Decode = promisify(inflateRaw);

/** "deflate" means zlib's format (RFC 9110 8.4.1.2), but some servers send raw deflate. The first byte shows which. */
const inflateEither: Decode = (body, options) =>
  ((body[0] ?? 0) & 0x0f) === 8 ? inflateAsync(body, options) : inflateRawAsync(body, options);

const CODINGS = new Map<string, Decode>([
  ['gzip', gunzipAsync],
  ['x-gzip', gunzipAsync],
  ['deflate', inflateEither],
  ['br', brotliAsync],
]);

/** The codings that requests accept: exactly those that can be decoded. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** No real site sends more layers. Each layer multiplies the size that a hostile page can grow to. */
const MAX_LAYERS = 3;

/**
 * Decodes a Content-Encoding. `identity` and an empty body stay unchanged.
 * @param maxBytes largest size at any step
 * @throws ScrapeError `too_large`, or `network` for an unknown or broken coding
 */
export async function decodeBody(body: Buffer, header: string, maxBytes: number, url: URL): Promise<Buffer> {
  if (body.length === 0) return body;
  const codings = parseCodings(header, url);
  let decoded = body;
  for (const coding of codings.reverse()) {
    const decode = CODINGS.get(coding);
    if (decode === undefined) throw undecodableError(url, `encoded as "${coding}", which was not requested`);
    decoded = await decode(decoded, { maxOutputLength: maxBytes }).catch((error: unknown) => {
      if (error instanceof RangeError) throw tooLargeError(url, maxBytes, 'unpacked');
      throw undecodableError(url, `not valid ${coding}`, error);
    });
  }
  return decoded;
}

/**
 * Lists the codings in the order in which they were applied, without `identity`.
 * @throws ScrapeError `network` for too many codings
 */
function parseCodings(header: string, url: URL): string[] {
  const codings = header
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_LAYERS) throw undecodableError(url, `encoded ${codings.length} times over`);
  return codings;
}

export function tooLargeError(url: URL, maxBytes: number, state: 'unpacked' | 'received'): ScrapeError {
  return new ScrapeError(
    'too_large',
    `${redactUrl(url)}: the page is over ${formatBytes(maxBytes)} (${state})`,
    {
      url: redactUrl(url),
      hint: 'Pages over this size are refused to protect the machine. Check that the address leads to a page, not to a download.',
    },
  );
}

function undecodableError(url: URL, what: string, cause?: unknown): ScrapeError {
  return new ScrapeError('network', `${redactUrl(url)}: the body is ${what}`, {
    url: redactUrl(url),
    hint: 'The server’s response is wrong or incomplete. Try again later.',
    cause,
  });
}

/** A response body that is read while it arrives. For content larger than a page: the body is not stored. */
export interface BodyStream {
  /** A longer body is an error. The limit applies to the received bytes and to the decompressed bytes. */
  maxBytes: number;
  /**
   * Called with each response that is a page. Called again from the beginning after a response that broke off. It may
   * stop reading early. Errors of the body pass through it; it throws none of its own.
   */
  read(body: AsyncIterable<Buffer>, answer: { url: URL; headers: ResponseHeaders }): Promise<void>;
}

const CHUNK_OPTIONS: ZlibOptions = { chunkSize: 65_536 };

const DECOMPRESSORS = new Map<string, (first: number) => NodeJS.ReadWriteStream>([
  ['gzip', () => createGunzip(CHUNK_OPTIONS)],
  ['x-gzip', () => createGunzip(CHUNK_OPTIONS)],
  // The first byte distinguishes zlib's format from raw deflate (as above).
  [
    'deflate',
    (first: number) =>
      (first & 0x0f) === 8 ? createInflate(CHUNK_OPTIONS) : createInflateRaw(CHUNK_OPTIONS),
  ],
  ['br', () => createBrotliDecompress(CHUNK_OPTIONS)],
]);

/**
 * Passes the body of a response to `read` while it arrives.
 * @returns the number of bytes received
 * @throws ScrapeError `too_large` or `network`; errors of the connection
 */
export async function streamBody(
  { body, headers }: { body: Readable; headers: ResponseHeaders },
  url: URL,
  { maxBytes, read }: BodyStream,
): Promise<number> {
  let bytes = 0;
  const received = async function* () {
    if (Number(headers['content-length']) > maxBytes) throw tooLargeError(url, maxBytes, 'received');
    for await (const piece of body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > maxBytes) throw tooLargeError(url, maxBytes, 'received');
      yield piece;
    }
  };
  try {
    const coding = [headers['content-encoding'] ?? ''].flat().join();
    await read(decompress(received(), coding, maxBytes, url), { url, headers });
    return bytes;
  } finally {
    // An unread body would keep the connection busy.
    body.destroy();
  }
}

/**
 * Decodes a Content-Encoding chunk by chunk.
 * @param maxBytes largest size at any step
 * @throws ScrapeError during reading: `too_large`, or `network` for an unknown or broken coding
 */
export function decompress(
  body: AsyncIterable<Buffer>,
  header: string,
  maxBytes: number,
  url: URL,
): AsyncIterable<Buffer> {
  return parseCodings(header, url).reduceRight((packed, coding) => {
    const decompressor = DECOMPRESSORS.get(coding);
    if (decompressor === undefined)
      throw undecodableError(url, `encoded as "${coding}", which was not requested`);
    return unpack(packed, coding, decompressor, maxBytes, url);
  }, body);
}

async function* unpack(
  packed: AsyncIterable<Buffer>,
  coding: string,
  decompressor: (first: number) => NodeJS.ReadWriteStream,
  maxBytes: number,
  url: URL,
): AsyncGenerator<Buffer> {
  const { start, all } = await readStart(packed, 1);
  if (start.length === 0) return;
  let failure: unknown;
  const noticed = async function* () {
    try {
      yield* all;
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const plain = decompressor(start[0] ?? 0);
  // The reader receives errors from the iteration.
  pipeline(Readable.from(noticed()), plain, () => undefined);
  let size = 0;
  try {
    for await (const piece of plain as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > maxBytes) break;
      yield piece;
    }
  } catch (error) {
    throw failure ?? undecodableError(url, `not valid ${coding}`, error);
  }
  if (size > maxBytes) throw tooLargeError(url, maxBytes, 'unpacked');
}

/** Returns the first `bytes` bytes of a body (fewer if the body is shorter), and the whole body. */
export async function readStart(
  body: AsyncIterable<Buffer>,
  bytes: number,
): Promise<{ start: Buffer; all: AsyncIterable<Buffer> }> {
  const pieces = body[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  while (start.length < bytes) {
    const { done, value } = await pieces.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  const all = async function* () {
    try {
      if (start.length > 0) yield start;
      for (;;) {
        const { done, value } = await pieces.next();
        if (done === true) return;
        yield value;
      }
    } finally {
      await pieces.return?.();
    }
  };
  return { start, all: all() };
}
