import { open } from 'node:fs/promises';
import { isSystemError, unavailable } from '../fs/system-errors.ts';
import { foldText } from '../lib/fold-text.ts';
import { sanitizeText } from '../lib/sanitize-text.ts';

/** The levels of log lines, lowest first. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The format that `src/scrape/attempt/run-log.ts` writes. Continuation lines of a message have none. */
const LEVEL_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARN|ERROR) /;
/** The line in place of a middle that was removed (cap-log.ts). */
const DROPPED = /^\[\.\.\. (\d+) bytes dropped \.\.\.\]$/;

const MAX_LINE_CHARACTERS = 4_000;

/** A line of a log: its number, from 1, and its text without control characters. */
export interface LogLine {
  line: number;
  text: string;
}

interface LogQuery {
  /** Only lines of this level and above; a line without a level has that of the line before. */
  level?: LogLevel | undefined;
  /** Only lines that contain this text, without regard to case. */
  find?: string | undefined;
  limit: number;
  /** Lines after this one, or before it: in the latter case the last ones. */
  after?: number | undefined;
  before?: number | undefined;
  signal?: AbortSignal | undefined;
}

interface LogPage {
  lines: LogLine[];
  /** The lines that match, in the whole log. */
  total: number;
  /** Whether more of them follow the page, in its direction. */
  hasMore: boolean;
  /** The number of the last line of the log, whether or not it matches. */
  last: number;
  /** The bytes that were removed from the middle of the log: lines after it have other numbers than before. */
  dropped: number;
}

/**
 * Reads lines of a log, as a stream. A last line that is still being written is left out.
 * @returns `undefined` when there is no such file @throws QuickscrapeError `store_unavailable`
 */
export async function readLog(file: string, query: LogQuery): Promise<LogPage | undefined> {
  const { after, before, limit, signal } = query;
  const matches = lineFilter(query);
  const fromEnd = before !== undefined;
  const page: LogPage = { lines: [], total: 0, hasMore: false, last: 0, dropped: 0 };
  try {
    for await (const text of linesOf(file)) {
      signal?.throwIfAborted();
      page.last += 1;
      const [, dropped] = DROPPED.exec(text) ?? [];
      if (dropped !== undefined) page.dropped = Number(dropped);
      if (!matches(text)) continue;
      page.total += 1;
      if ((after !== undefined && page.last <= after) || (fromEnd && page.last >= before)) continue;
      page.lines.push({ line: page.last, text });
      if (page.lines.length <= limit) continue;
      page.hasMore = true;
      if (fromEnd) page.lines.shift();
      else page.lines.pop();
    }
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw isSystemError(error) ? unavailable(`cannot read ${file}`, error) : error;
  }
  return { ...page, lines: page.lines.map(({ line, text }) => ({ line, text: showLine(text) })) };
}

/** The filter of lines, in order: a line without a level has that of the line before. */
function lineFilter({ level = 'debug', find = '' }: LogQuery): (text: string) => boolean {
  const wanted = LOG_LEVELS.indexOf(level);
  const text = foldText(find);
  let current = LOG_LEVELS.indexOf('info');
  return (line) => {
    const [, name] = LEVEL_PATTERN.exec(line) ?? [];
    if (name !== undefined)
      current = LOG_LEVELS.indexOf(name === 'WARN' ? 'warning' : (name.toLowerCase() as LogLevel));
    return current >= wanted && (text === '' || foldText(line).includes(text));
  };
}

/** Yields the complete lines of a file. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const handle = await open(file, 'r');
  try {
    let rest = '';
    for await (const chunk of handle.createReadStream({ encoding: 'utf8', autoClose: false })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    await handle.close();
  }
}

function showLine(text: string): string {
  const line = sanitizeText(text.replace(/\r$/, ''));
  return line.length <= MAX_LINE_CHARACTERS
    ? line
    : `${line.slice(0, MAX_LINE_CHARACTERS)}… (${line.length} characters)`;
}
