import { isUtf8 } from 'node:buffer';

/** The output of a splitter. */
export type Frame =
  | { kind: 'message'; text: string }
  /** A message of more than `limit` bytes; its bytes are skipped. */
  | { kind: 'too_large'; limit: number }
  /** An invalid message; the stream after it can be parsed. */
  | { kind: 'malformed'; reason: string }
  /** The start of the next message is unknown; nothing more is read. */
  | { kind: 'lost'; reason: string };

/** Splits a stream of bytes into messages. The frames do not depend on how the stream is divided into chunks. */
export interface Splitter {
  push(chunk: Buffer): Frame[];
  /** Called at the end of the stream. */
  end(): Frame[];
}

/** Decodes the bytes of one message; removes a byte order mark (RFC 8259 §8.1 allows that). */
export function decodeMessage(bytes: Buffer): Frame {
  if (!isUtf8(bytes)) return { kind: 'malformed', reason: 'the message is not UTF-8' };
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { kind: 'message', text: bytes.toString('utf8', hasByteOrderMark ? 3 : 0) };
}

/** Chunks that are stored separately: a stream that comes byte by byte must not need an object per byte. */
const MAX_CHUNKS = 512;

/** Collects bytes that arrive in chunks. */
export class MessageBuffer {
  #parts: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get last(): number | undefined {
    return this.#parts.at(-1)?.at(-1);
  }

  add(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#parts.length > MAX_CHUNKS) this.#parts = [Buffer.concat(this.#parts, this.#size)];
  }

  /** Returns all bytes as one buffer, and empties this one. */
  take(): Buffer {
    const [first] = this.#parts;
    const all = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts, this.#size);
    this.clear();
    return all;
  }

  clear(): void {
    this.#parts = [];
    this.#size = 0;
  }
}

const LF = 0x0a;
const CR = 0x0d;
const BLANK = /^[ \t\r]*$/;

/**
 * One message per line, as in MCP's stdio transport and in plain JSON-RPC over pipes. A line ends with LF or CRLF; the
 * last one may end with the stream. Blank lines are skipped. A line longer than `limit` bytes (without its line break)
 * is not stored: it is reported once, as soon as it is too long, and skipped to its end.
 */
export class LineSplitter implements Splitter {
  readonly #limit: number;
  readonly #line = new MessageBuffer();
  #skipping = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      this.#take(chunk.subarray(from, at), frames);
      this.#endLine(frames);
      from = at + 1;
    }
    this.#take(chunk.subarray(from), frames);
    return frames;
  }

  end(): Frame[] {
    const frames: Frame[] = [];
    this.#endLine(frames);
    return frames;
  }

  #take(part: Buffer, frames: Frame[]): void {
    if (this.#skipping) return;
    this.#line.add(part);
    // A CR may be part of the line break.
    if (this.#line.size - (this.#line.last === CR ? 1 : 0) <= this.#limit) return;
    frames.push({ kind: 'too_large', limit: this.#limit });
    this.#line.clear();
    this.#skipping = true;
  }

  #endLine(frames: Frame[]): void {
    const line = this.#line.take();
    this.#skipping = false;
    if (line.length === 0) return;
    const frame = decodeMessage(line.at(-1) === CR ? line.subarray(0, -1) : line);
    if (frame.kind !== 'message' || !BLANK.test(frame.text)) frames.push(frame);
  }
}
