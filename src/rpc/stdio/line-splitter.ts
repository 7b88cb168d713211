import { decodeMessage } from './decode-message.ts';
import type { Frame, Splitter } from './frame.ts';
import { MessageBuffer } from './message-buffer.ts';

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
