/** So many bytes of a line are kept: nobody reads more of one. */
const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** A line of a file as it lies there. */
export interface RawLine {
  /** The byte at which it begins. */
  offset: number;
  /** Its length in bytes, with its line break. */
  bytes: number;
  /** Its beginning, without the line break. */
  text: string;
  /** Bytes at its end that are not in `text`. */
  truncatedBytes: number;
}

/** The beginning of a line whose end has not come yet. */
export interface PartialLine {
  offset: number;
  bytes: number;
  bytesKept: Uint8Array;
}

export function startLine(offset: number): PartialLine {
  return { offset, bytes: 0, bytesKept: new Uint8Array() };
}

/** Cuts bytes that follow a line's beginning into lines; what has no end yet is the next beginning. */
export function splitLines(open: PartialLine, bytes: Uint8Array): { lines: RawLine[]; open: PartialLine } {
  const lines: RawLine[] = [];
  let current = open;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const line = appendBytes(current, bytes.subarray(start, end));
    lines.push({ ...lineOf(line), bytes: line.bytes + 1 });
    start = end + 1;
    current = startLine(line.offset + line.bytes + 1);
  }
  return { lines, open: appendBytes(current, bytes.subarray(start)) };
}

/** A line without its end, as far as it has come; `undefined` when nothing of it has. */
export function unfinishedLine(open: PartialLine): RawLine | undefined {
  return open.bytes === 0 ? undefined : lineOf(open);
}

function appendBytes({ offset, bytes, bytesKept }: PartialLine, chunk: Uint8Array): PartialLine {
  const room = chunk.subarray(0, Math.max(0, MAX_LINE_BYTES - bytesKept.length));
  return {
    offset,
    bytes: bytes + chunk.length,
    bytesKept: room.length === 0 ? bytesKept : new Uint8Array(Buffer.concat([bytesKept, room])),
  };
}

function lineOf({ offset, bytes, bytesKept }: PartialLine): RawLine {
  const text = new TextDecoder().decode(bytesKept);
  return { offset, bytes, text, truncatedBytes: bytes - bytesKept.length };
}
