import { pluralize } from '../../../core/lib/text.ts';
import { cleanLines } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { LOG_LEVELS, type LogFilter, type LogLevel, type LogLine } from './model.ts';

/** The maximum number of bytes of a line that are kept; longer lines are not readable on a screen. */
const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** A line of a file, unprocessed. */
export interface RawLine {
  /** The byte offset of its start. */
  offset: number;
  /** Its length in bytes, including the line break. */
  bytes: number;
  /** Its text up to the maximum length, without the line break. */
  text: string;
  /** The number of bytes at its end that `text` does not contain. */
  truncatedBytes: number;
}

/** The start of a line without its end so far. */
export interface PartialLine {
  offset: number;
  bytes: number;
  bytesKept: Uint8Array;
}

export function startLine(offset: number): PartialLine {
  return { offset, bytes: 0, bytesKept: new Uint8Array() };
}

/** Splits bytes that follow the start of a line into lines. The incomplete rest is the next start. */
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

/** An incomplete line, as far as it was read; `undefined` when it is empty. */
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

/** The format that `src/scrape/attempt/run-log.ts` writes. Continuation lines of a message start with blanks. */
const LOG_LINE_PATTERN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (DEBUG|INFO|WARN|ERROR) +/;

/**
 * Prepares lines of a file for display.
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

/** The style of a line: what needs attention has its colour in full, and what only explains steps back. */
export function lineStyle({ level }: Pick<LogLine, 'level'>): StyleName {
  return LEVEL_STYLES[level ?? 'info'];
}

const LEVEL_STYLES: Readonly<Record<LogLevel, StyleName>> = {
  error: 'bad',
  warn: 'warning',
  info: 'plain',
  debug: 'faint',
};

/** Whether a line says what went wrong. Such a line is never cut. */
export function isUrgent({ level }: Pick<LogLine, 'level'>): boolean {
  return level === 'error' || level === 'warn';
}

/** Whether a line is shown. A line without a known level counts as `info`. */
export function matchesFilter({ level, text }: LogLine, filter: LogFilter): boolean {
  if (LOG_LEVELS.indexOf(level ?? 'info') < LOG_LEVELS.indexOf(filter.minLevel)) return false;
  const { text: query } = filter;
  return query.startsWith('!') && query.length > 1
    ? !includesText(text, query.slice(1))
    : includesText(text, query);
}

/** Whether a text contains another one. Case matters only when the query contains capitals. */
export function includesText(text: string, query: string): boolean {
  return query === '' || searchPattern(query).test(text);
}

/** The non-overlapping matches of a query in a text, in order, as `[start, end)`. */
export function findOccurrences(text: string, query: string): { start: number; end: number }[] {
  if (query === '') return [];
  const places: { start: number; end: number }[] = [];
  const pattern = new RegExp(searchPattern(query), 'gu'.concat(isPlain(query) ? 'i' : ''));
  for (const { index, 0: found } of text.matchAll(pattern))
    places.push({ start: index, end: index + found.length });
  return places;
}

let last: { query: string; pattern: RegExp } | undefined;

function searchPattern(query: string): RegExp {
  // Cached, because one query is matched against many lines.
  if (last?.query !== query) {
    const literal = query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    last = { query, pattern: new RegExp(literal, isPlain(query) ? 'iu' : 'u') };
  }
  return last.pattern;
}

function isPlain(query: string): boolean {
  return query === query.toLowerCase();
}
