import { isUtf8 } from 'node:buffer';
import { textOfBody } from '../extract/page.ts';

/** Bytes that become text at once. */
const PIECE = 65_536;

/**
 * A body's characters in pieces, so that a large one is not there twice. What is UTF-8, as the protocol of sitemaps asks,
 * is read as that; another is read as a page would be.
 * @param contentType the header's value
 */
export function* textPieces(body: Buffer, contentType: string | undefined): Generator<string> {
  if (!isPlainUtf8(body, contentType)) {
    const text = textOfBody(body, contentType);
    for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
    return;
  }
  const decoder = new TextDecoder();
  for (let at = 0; at < body.length; at += PIECE)
    yield decoder.decode(body.subarray(at, at + PIECE), { stream: true });
  yield decoder.decode();
}

/** Characters of UTF-16 without a mark hold zeros, which are valid UTF-8. */
function isPlainUtf8(body: Buffer, contentType = ''): boolean {
  const isOther = /charset/i.test(contentType) && !/charset\s*=\s*["']?utf-?8/i.test(contentType);
  return !isOther && !body.subarray(0, 4).includes(0) && isUtf8(body);
}
