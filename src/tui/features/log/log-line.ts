import { pluralize } from '../../../core/lib/pluralize.ts';
import { cleanLines } from '../../ui/text/clean.ts';
import type { LogLevel, LogLine } from './model.ts';

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

/** What `src/scrape/attempt/run-log.ts` writes; lines that carry on a message begin with blanks. */
const LOG_LINE_PATTERN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (DEBUG|INFO|WARN|ERROR) +/;

/**
 * Lines of a file as they are shown.
 * @param before the level of the line above the first one
 */
export function toLogLines(raw: readonly RawLine[], before: LogLevel | null = null): LogLine[] {
  let level = before;
  return raw.map((line) => {
    const parts = LOG_LINE_PATTERN.exec(line.text);
    if (parts?.[2] !== undefined) level = parts[2].toLowerCase() as LogLevel;
    const at = parts?.[1] === undefined ? null : Date.parse(parts[1]);
    const message = parts === null ? line.text : line.text.slice(parts[0].length);
    return {
      offset: line.offset,
      bytes: line.bytes,
      at,
      level,
      text: displayText(message, line.truncatedBytes),
    };
  });
}

function displayText(message: string, truncatedBytes: number): string {
  const text = cleanLines(message.replace(/\r$/, '')).join(' ');
  return truncatedBytes === 0 ? text : `${text} … ${pluralize(truncatedBytes, 'more byte')}`;
}
