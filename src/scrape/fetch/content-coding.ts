import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { ScrapeError } from '../errors.ts';
import { shownBytes, shownUrl } from './shown-url.ts';

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const unzip: Decode = promisify(gunzip);
const unbrotli: Decode = promisify(brotliDecompress);
const unzlib: Decode = promisify(inflate);
const unraw: Decode = promisify(inflateRaw);

/** "deflate" means zlib's format (RFC 9110 8.4.1.2), but some servers send the bare stream; the first byte tells. */
const undeflate: Decode = (body, options) =>
  ((body[0] ?? 0) & 0x0f) === 8 ? unzlib(body, options) : unraw(body, options);

const CODINGS = new Map<string, Decode>([
  ['gzip', unzip],
  ['x-gzip', unzip],
  ['deflate', undeflate],
  ['br', unbrotli],
]);

/** What we ask for: exactly what we can undo. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** More layers than anyone sends in earnest: each one multiplies what a hostile page can grow to. */
const MAX_LAYERS = 3;

/**
 * Undoes a Content-Encoding; `identity` and an empty body are left alone.
 * @param maxBytes largest size at any step
 * @throws ScrapeError `too_large`, or `network` for a coding that is unknown or broken.
 */
export async function decodeBody(body: Buffer, header: string, maxBytes: number, url: URL): Promise<Buffer> {
  if (body.length === 0) return body;
  const codings = codingsOf(header, url);
  let decoded = body;
  for (const coding of codings.reverse()) {
    const decode = CODINGS.get(coding);
    if (decode === undefined) throw undecodable(url, `encoded as "${coding}", which was not asked for`);
    decoded = await decode(decoded, { maxOutputLength: maxBytes }).catch((error: unknown) => {
      if (error instanceof RangeError) throw tooLarge(url, maxBytes, 'unpacked');
      throw undecodable(url, `not valid ${coding}`, error);
    });
  }
  return decoded;
}

/** In the order in which they were applied, without `identity`. @throws ScrapeError `network` for too many */
export function codingsOf(header: string, url: URL): string[] {
  const codings = header
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_LAYERS) throw undecodable(url, `encoded ${codings.length} times over`);
  return codings;
}

export function tooLarge(url: URL, maxBytes: number, state: 'unpacked' | 'received'): ScrapeError {
  return new ScrapeError(
    'too_large',
    `${shownUrl(url)}: the page is over ${shownBytes(maxBytes)} (${state})`,
    {
      url: shownUrl(url),
      hint: 'Pages over this size are refused to protect the machine. Check that the address leads to a page, not to a download.',
    },
  );
}

export function undecodable(url: URL, what: string, cause?: unknown): ScrapeError {
  return new ScrapeError('network', `${shownUrl(url)}: the body is ${what}`, {
    url: shownUrl(url),
    hint: 'The server answers wrongly or the answer was cut off. Try again later.',
    cause,
  });
}
