import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { getEncoding } from 'encoding-sniffer';
import { startOf } from '../fetch/body-stream.ts';

/** So far in a byte order mark or a declaration is looked for, as on a page. */
const SNIFFED_BYTES = 4096;

const FALLBACK = 'windows-1252';

/**
 * The characters of a body, piece by piece. What is UTF-8, as the protocol of sitemaps asks, is read as that, whatever it
 * says of itself; from the first byte on that cannot be, it is read as it says, and as windows-1252 where it says nothing.
 * @param contentType the header's value; a charset in it decides
 */
export async function* textPieces(
  body: AsyncIterable<Buffer>,
  contentType: string | undefined,
): AsyncGenerator<string> {
  const { start, all } = await startOf(body, SNIFFED_BYTES);
  let decoder = maybeUtf8(start, contentType) ? undefined : decoderFor(start, contentType);
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of all) {
    if (decoder !== undefined) {
      yield decoder.decode(piece, { stream: true });
      continue;
    }
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
    if (isUtf8(whole)) {
      yield whole.toString('utf8');
      rest = bytes.subarray(whole.length);
      continue;
    }
    decoder = decoderFor(start, contentType);
    yield decoder.decode(bytes, { stream: true });
    rest = Buffer.alloc(0);
  }
  if (rest.length > 0) decoder = decoderFor(start, contentType);
  if (decoder !== undefined) yield decoder.decode(rest);
}

/** Characters of UTF-16 without a mark hold zeros, which are valid UTF-8. */
function maybeUtf8(start: Buffer, contentType = ''): boolean {
  const isOther = /charset/i.test(contentType) && !/charset\s*=\s*["']?utf-?8/i.test(contentType);
  return !isOther && !start.subarray(0, 4).includes(0) && !(start[0] === 0xff || start[0] === 0xfe);
}

/** How many bytes at the end begin a character of UTF-8 that goes on beyond it. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function decoderFor(start: Buffer, contentType = ''): TextDecoder {
  const label = /charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType)?.[1];
  const sniffing = { maxBytes: SNIFFED_BYTES, defaultEncoding: FALLBACK };
  const told = label === undefined ? sniffing : { ...sniffing, transportLayerEncodingLabel: label };
  // There are names of encodings that nothing here decodes.
  return (
    decoderOf(getEncoding(start, told)) ??
    decoderOf(getEncoding(start, sniffing)) ??
    new TextDecoder(FALLBACK)
  );
}

function decoderOf(encoding: string): TextDecoder | undefined {
  try {
    return new TextDecoder(encoding);
  } catch {
    return undefined;
  }
}
