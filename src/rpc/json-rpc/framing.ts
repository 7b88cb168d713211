import type { Splitter } from '../stdio/frame.ts';
import { ContentLengthSplitter } from '../stdio/split-content-length.ts';
import { LineSplitter } from '../stdio/split-lines.ts';

/** How messages follow one another in the two streams. */
export const FRAMINGS = ['lines', 'content-length'] as const;
export type Framing = (typeof FRAMINGS)[number];

/** So many bytes may a message have that a client sends. */
export const MESSAGE_LIMIT = 1024 * 1024;

export function splitterFor(framing: Framing): Splitter {
  return framing === 'lines' ? new LineSplitter(MESSAGE_LIMIT) : new ContentLengthSplitter(MESSAGE_LIMIT);
}

/** @param json without line breaks, as `JSON.stringify` writes it */
export function framed(framing: Framing, json: string): string {
  return framing === 'lines' ? `${json}\n` : `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}
