import { programCommand } from '../../core/lib/installation.ts';
import { decodeMessage, type Frame, MessageBuffer, type Splitter } from './line-splitter.ts';

/** The header of one message, parsed line by line. */
class ContentLengthHeader {
  #length: number | undefined;
  #charset = 'utf-8';
  #empty = true;

  get isEmpty(): boolean {
    return this.#empty;
  }

  /** Bytes of the body; `undefined` until a line states it. */
  get length(): number | undefined {
    return this.#length;
  }

  /** The charset of the body, if it is not supported. */
  get unsupportedCharset(): string | undefined {
    return /^utf-?8$/i.test(this.#charset) ? undefined : this.#charset;
  }

  /** Parses a line without its line break. @returns the reason why the stream can no longer be parsed, if so */
  add(line: string): string | undefined {
    this.#empty = false;
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!field)
      return `${quote(line)} is not a header field such as "Content-Length: 42"${framingHint(line)}`;
    const [, name = '', value = ''] = field;
    if (name.toLowerCase() === 'content-length') return this.#setLength(value);
    if (name.toLowerCase() === 'content-type') this.#charset = charsetOf(value) ?? this.#charset;
    return undefined;
  }

  #setLength(value: string): string | undefined {
    if (!/^\d{1,15}$/.test(value)) return `Content-Length is ${quote(value)}: it must be a number of bytes`;
    const length = Number(value);
    if (this.#length !== undefined && this.#length !== length)
      return `Content-Length is there twice: ${this.#length} and ${length}`;
    this.#length = length;
    return undefined;
  }
}

function charsetOf(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}

/** A hint for clients that use the other framing. */
function framingHint(line: string): string {
  return /^\s*[[{]/.test(line)
    ? `; for one message a line start ${programCommand()} rpc without --framing content-length`
    : '';
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

const LF = 0x0a;
/** The protocol defines only two short header fields. */
const MAX_HEADER_BYTES = 4096;
/** A message that announces more than this multiple of the limit is not skipped: its length is implausible. */
const MAX_SKIPPED_LIMITS = 64;

/**
 * `Content-Length: N`, a blank line, N bytes: the base protocol of the Language Server Protocol 3.17. Field names are
 * case-insensitive, Content-Type may say UTF-8, other fields are ignored. Lines end with CRLF or LF. Blank lines before
 * a header are skipped. An error is handled by whether the start of the next message is known:
 * - It is known if the length is known. Bodies that are `too_large` (over `limit` bytes) or `malformed` (not UTF-8)
 *   are skipped.
 * - It is unknown after a line that is not a header field, after a header of over 4 KiB, and without one valid
 *   Content-Length. Invalid are two different values, a value that is not a decimal number, and one over 64 times the
 *   limit. The frame is then `lost`, and nothing more is read.
 *
 * A stream that ends within a message gives `malformed`.
 */
export class ContentLengthSplitter implements Splitter {
  readonly #limit: number;
  #state: 'header' | 'body' | 'skip' | 'lost' = 'header';
  #header = new ContentLengthHeader();
  #headerSize = 0;
  /** The bytes of the header's current line, or of the body. */
  readonly #parts = new MessageBuffer();
  /** Bytes of the body that are still missing. */
  #missing = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let rest = chunk;
    while (rest.length > 0 && this.#state !== 'lost')
      rest = this.#state === 'header' ? this.#takeLine(rest, frames) : this.#takeBody(rest, frames);
    return frames;
  }

  end(): Frame[] {
    const cut = this.#state === 'body' || (this.#state === 'header' && this.#headerSize > 0);
    this.#state = 'lost';
    return cut ? [{ kind: 'malformed', reason: 'the input ended within a message' }] : [];
  }

  /** Consumes the bytes of the header's current line, and returns the rest. */
  #takeLine(chunk: Buffer, frames: Frame[]): Buffer {
    const end = chunk.indexOf(LF);
    const part = end === -1 ? chunk : chunk.subarray(0, end);
    this.#parts.add(part);
    this.#headerSize += part.length;
    if (this.#headerSize > MAX_HEADER_BYTES)
      this.#failStream(`the header is over ${MAX_HEADER_BYTES} bytes`, frames);
    else if (end !== -1) {
      const line = this.#parts.take().toString('latin1').replace(/\r$/, '');
      if (line === '') this.#endHeader(frames);
      else {
        const problem = this.#header.add(line);
        if (problem !== undefined) this.#failStream(problem, frames);
      }
    }
    return chunk.subarray(part.length + 1);
  }

  #endHeader(frames: Frame[]): void {
    const { isEmpty, length, unsupportedCharset } = this.#header;
    this.#header = new ContentLengthHeader();
    this.#headerSize = 0;
    if (isEmpty) return;
    if (length === undefined) this.#failStream('the header has no Content-Length', frames);
    else if (length > this.#limit * MAX_SKIPPED_LIMITS)
      this.#failStream(`Content-Length is ${length}: a message may have ${this.#limit} bytes`, frames);
    else this.#beginBody(length, unsupportedCharset, frames);
  }

  #beginBody(length: number, foreignCharset: string | undefined, frames: Frame[]): void {
    this.#missing = length;
    this.#state = 'skip';
    if (length > this.#limit) frames.push({ kind: 'too_large', limit: this.#limit });
    else if (foreignCharset !== undefined)
      frames.push({ kind: 'malformed', reason: `the charset is ${foreignCharset}, only utf-8 is read` });
    else this.#state = 'body';
    if (length === 0) this.#endBody(frames);
  }

  /** Consumes the bytes of the body, and returns the rest. */
  #takeBody(chunk: Buffer, frames: Frame[]): Buffer {
    const part = chunk.subarray(0, this.#missing);
    if (this.#state === 'body') this.#parts.add(part);
    this.#missing -= part.length;
    if (this.#missing === 0) this.#endBody(frames);
    return chunk.subarray(part.length);
  }

  #endBody(frames: Frame[]): void {
    if (this.#state === 'body') frames.push(decodeMessage(this.#parts.take()));
    this.#state = 'header';
  }

  #failStream(reason: string, frames: Frame[]): void {
    frames.push({ kind: 'lost', reason });
    this.#parts.clear();
    this.#state = 'lost';
  }
}
