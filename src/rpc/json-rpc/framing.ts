import { ContentLengthSplitter } from '../stdio/content-length-splitter.ts';
import type { Splitter } from '../stdio/frame.ts';
import { LineSplitter } from '../stdio/line-splitter.ts';

/** How messages follow one another in the two streams. */
export const FRAMINGS = ['lines', 'content-length'] as const;
export type Framing = (typeof FRAMINGS)[number];

/** So many bytes may a message have that a client sends. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

export function createSplitter(framing: Framing): Splitter {
  return framing === 'lines'
    ? new LineSplitter(MAX_MESSAGE_BYTES)
    : new ContentLengthSplitter(MAX_MESSAGE_BYTES);
}

/** @param json without line breaks, as `JSON.stringify` writes it */
export function frameMessage(framing: Framing, json: string): string {
  return framing === 'lines' ? `${json}\n` : `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}
