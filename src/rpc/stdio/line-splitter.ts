import { isUtf8 } from 'node:buffer';

/** What a splitter makes of the bytes of an input stream. */
export type Frame =
  | { kind: 'message'; text: string }
  /** A message of more than `limit` bytes came; its bytes are skipped. */
  | { kind: 'too_large'; limit: number }
  /** Something came that is no message; what follows it can be read. */
  | { kind: 'malformed'; reason: string }
  /** Where the next message begins cannot be told any more: nothing that follows is read. */
  | { kind: 'lost'; reason: string };

/** Cuts a stream of bytes into messages. The frames are the same however the stream is cut into chunks. */
export interface Splitter {
  push(chunk: Buffer): Frame[];
  /** The stream has ended. */
  end(): Frame[];
}

/** The bytes of one message as text; a byte order mark before it is left out (RFC 8259 §8.1 allows that). */
export function decodeMessage(bytes: Buffer): Frame {
  if (!isUtf8(bytes)) return { kind: 'malformed', reason: 'the message is not UTF-8' };
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { kind: 'message', text: bytes.toString('utf8', hasByteOrderMark ? 3 : 0) };
}

/** So many parts are kept apart: a stream that comes byte by byte must not cost an object a byte. */
const MAX_CHUNKS = 512;

/** Bytes that came in parts and are wanted as one. */
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

  /** All of them, in one; afterwards there are none. */
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
 * One message a line: what MCP's stdio transport and plain JSON-RPC over pipes speak. A line ends with LF or CRLF, the
 * last one also with the stream. Blank lines are skipped. Of a line longer than `limit` bytes (its end not counted)
 * nothing is kept: it is told once, as soon as it is too long, and skipped to its end.
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
    // A CR may belong to the line's end.
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
