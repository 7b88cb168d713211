import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { formatBytes, redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

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
    if (decode === undefined) throw undecodableError(url, `encoded as "${coding}", which was not asked for`);
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
export function parseCodings(header: string, url: URL): string[] {
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

export function undecodableError(url: URL, what: string, cause?: unknown): ScrapeError {
  return new ScrapeError('network', `${redactUrl(url)}: the body is ${what}`, {
    url: redactUrl(url),
    hint: 'The server answers wrongly or the answer was cut off. Try again later.',
    cause,
  });
}
