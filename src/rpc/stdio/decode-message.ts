import { isUtf8 } from 'node:buffer';
import type { Frame } from './frame.ts';

/** The bytes of one message as text; a byte order mark before it is left out (RFC 8259 §8.1 allows that). */
export function decodeMessage(bytes: Buffer): Frame {
  if (!isUtf8(bytes)) return { kind: 'malformed', reason: 'the message is not UTF-8' };
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { kind: 'message', text: bytes.toString('utf8', hasByteOrderMark ? 3 : 0) };
}
