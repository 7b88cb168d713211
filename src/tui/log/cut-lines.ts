/** So many bytes of a line are kept: nobody reads more of one. */
const MOST_OF_LINE = 64 * 1024;
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
  left: number;
}

/** The beginning of a line whose end has not come yet. */
export interface OpenLine {
  offset: number;
  bytes: number;
  kept: Uint8Array;
}

export function openLine(offset: number): OpenLine {
  return { offset, bytes: 0, kept: new Uint8Array() };
}

/** Cuts bytes that follow a line's beginning into lines; what has no end yet is the next beginning. */
export function cutLines(open: OpenLine, bytes: Uint8Array): { lines: RawLine[]; open: OpenLine } {
  const lines: RawLine[] = [];
  let current = open;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const line = grown(current, bytes.subarray(start, end));
    lines.push({ ...lineOf(line), bytes: line.bytes + 1 });
    start = end + 1;
    current = openLine(line.offset + line.bytes + 1);
  }
  return { lines, open: grown(current, bytes.subarray(start)) };
}

/** A line without its end, as far as it has come; `undefined` when nothing of it has. */
export function unfinishedLine(open: OpenLine): RawLine | undefined {
  return open.bytes === 0 ? undefined : lineOf(open);
}

function grown({ offset, bytes, kept }: OpenLine, more: Uint8Array): OpenLine {
  const room = more.subarray(0, Math.max(0, MOST_OF_LINE - kept.length));
  return {
    offset,
    bytes: bytes + more.length,
    kept: room.length === 0 ? kept : new Uint8Array(Buffer.concat([kept, room])),
  };
}

function lineOf({ offset, bytes, kept }: OpenLine): RawLine {
  const text = new TextDecoder().decode(kept);
  return { offset, bytes, text, left: bytes - kept.length };
}
