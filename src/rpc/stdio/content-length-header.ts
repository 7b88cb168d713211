/** What the header of one message says, line by line. */
export class ContentLengthHeader {
  #length: number | undefined;
  #charset = 'utf-8';
  #empty = true;

  get isEmpty(): boolean {
    return this.#empty;
  }

  /** Bytes of the body; `undefined` while no line has said it. */
  get length(): number | undefined {
    return this.#length;
  }

  /** The charset that the body is in, when it is one that cannot be read. */
  get unsupportedCharset(): string | undefined {
    return /^utf-?8$/i.test(this.#charset) ? undefined : this.#charset;
  }

  /** Takes a line without its end. @returns why the stream cannot be followed any more, if it cannot */
  add(line: string): string | undefined {
    this.#empty = false;
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!field) return `${quote(line)} is no header field like "Content-Length: 42"${framingHint(line)}`;
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

/** A client that speaks the other framing gets told so. */
function framingHint(line: string): string {
  return /^\s*[[{]/.test(line)
    ? '; for one message a line start quickscrape rpc without --framing content-length'
    : '';
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
